// <stream-strip>: says above the log that the connection is lost (once it has been for a while), that it is back and
// how many lines that brought, or that it is over. It shows clones of its templates; their button does not wait for the
// next try.
const LATE = 2_000; // milliseconds without a connection before a word is said
const CATCH_UP = 10_000; // milliseconds at most until the stream says that this was all
const SHOWN = 4_000; // milliseconds

customElements.define("stream-strip", class extends HTMLElement {
  #isDown = true; #fetched = 0; #timer;

  connectedCallback() {
    const room = this.closest(".room");
    room.addEventListener("stream-state", ({ detail }) => this.#turn(detail.state));
    room.addEventListener("caught-up", () => this.#later(0, () => this.#welcome()));
    room.addEventListener("lines-came", ({ detail }) => (this.#fetched += detail.added.length + detail.unseen.length));
    this.addEventListener("click", ({ target }) => {
      if (target.closest("button")) room.querySelector("live-stream").connect();
    });
  }
  get #strip() { return this.querySelector(".strip"); }
  #turn(state) {
    const wasDown = this.#isDown;
    this.#isDown = state !== "live";
    if (state === "live") this.#fetched = 0;
    if (state === "live") this.#later(CATCH_UP, () => this.#welcome());
    else if (state === "denied") this.#later(0, () => this.#show("denied"));
    else if (state === "connecting" || !wasDown) this.#later(LATE, () => document.hidden || this.#show("lost"));
  }
  #later(time, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, time);
  }
  #show(name, count) {
    const template = this.querySelector(`template[data-words=${name}]`);
    this.#strip.replaceChildren(template.content.cloneNode(true));
    this.#strip.className = `strip ${template.dataset.kind ?? ""}`;
    this.#strip.hidden = false;
    const words = this.#strip.querySelector("span");
    words.textContent = words.textContent.replace("%(count)s", count);
  }
  #welcome() {
    if (this.#strip.hidden) return;
    if (!this.#fetched) return (this.#strip.hidden = true);
    this.#show("caught-up", this.#fetched);
    this.#later(SHOWN, () => (this.#strip.hidden = true));
  }
});
