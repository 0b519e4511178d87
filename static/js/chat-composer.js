// <chat-composer>: what stands in the box goes to the outbox, as the answer to the line in <reply-bar> if there is one.
// <enter-sends> has the keys; in an empty box ↑ edits what one said last.
const QUERY = /[?&](at|before|after)=/;

customElements.define("chat-composer", class extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("textarea");
    this.box.form.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    this.box.addEventListener("keydown", (event) => event.key === "ArrowUp" && !this.box.value && this.#edit(event));
    this.#focus();
  }
  #edit(event) {
    const li = [...this.closest(".room").querySelectorAll("#lines > .own:not(.gone, .pending)")].at(-1);
    if (!li || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    document.querySelector("line-form").open(`${li.querySelector(".when").href}edit/`, li);
  }
  #send() {
    const items = this.querySelector("line-draft").take();
    if (items.length) {
      const answered = this.querySelector("reply-bar").take();
      items.at(-1).replyTo ||= answered;
      this.querySelector("line-outbox").send(items);
    }
    this.querySelector("line-keep").save(); // what is under way would not survive a crash
    this.box.focus();
  }
  // Only where the page was opened to talk, and never from elsewhere.
  #focus() {
    const isRoom = document.querySelector("#v-room")?.checked && !location.hash && !QUERY.test(location.search);
    const isFree = document.activeElement === document.body && matchMedia("(pointer: fine)").matches;
    if (isRoom && isFree) this.box.focus({ preventScroll: true });
  }
});
