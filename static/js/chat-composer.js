// <chat-composer>: the keys of the box. Enter sends, Shift+Enter breaks the line, Ctrl or ⌘ + Enter always sends; where
// the finger is the pointer, Enter breaks. An Enter that ends a Hangul syllable sends once, with the syllable whole:
// after Chromium's keydown the composition ends, before Safari's it has ended. In other scripts such an Enter chooses a
// word.
const QUERY = /[?&](at|before|after)=/;

customElements.define("chat-composer", class extends HTMLElement {
  #isComposing = false; #isHangul = false; #sendsAfter = false;

  connectedCallback() {
    this.box = this.querySelector("textarea");
    this.box.form.addEventListener("submit", (event) => (event.preventDefault(), this.#send()));
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.box.addEventListener("compositionend", ({ data }) => this.#compose(data));
    this.box.addEventListener("beforeinput", (event) => {
      if (this.#sendsAfter && /^insert(LineBreak|Paragraph)$/.test(event.inputType)) event.preventDefault();
    });
    this.#focus();
  }
  #press(event) {
    this.#sendsAfter = false;
    const isEnter = event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter";
    const isOrdered = event.ctrlKey || event.metaKey;
    if (!isEnter || event.shiftKey || event.altKey) return;
    if (!isOrdered && matchMedia("(pointer: coarse)").matches) return;
    if (event.isComposing || this.#isComposing) return (this.#sendsAfter = true);
    if (event.keyCode === 229 && !this.#isHangul) return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  }
  #compose(data) {
    this.#isComposing = false;
    this.#isHangul = /\p{Script=Hangul}$/u.test(data);
    if (!this.#sendsAfter) return;
    // Not within the event: the input method still holds the box.
    setTimeout(() => {
      if (this.#sendsAfter && this.#isHangul) this.#send();
      this.#sendsAfter = false;
    });
  }
  #send() {
    if (this.#isComposing) this.box.blur(); // the button: that ends the composition
    const items = this.querySelector("line-draft").take();
    if (items.length) this.querySelector("line-outbox").send(items);
    this.querySelector("line-draft").save(); // what is under way would not survive a crash
    this.box.focus();
  }
  // Only where the page was opened to talk, and never from elsewhere.
  #focus() {
    const isRoom = document.querySelector("#v-room")?.checked && !location.hash && !QUERY.test(location.search);
    const isFree = document.activeElement === document.body && matchMedia("(pointer: fine)").matches;
    if (isRoom && isFree) this.box.focus({ preventScroll: true });
  }
});
