// <enter-sends>: Enter in its box submits the form, Shift+Enter breaks the line, Ctrl or ⌘ + Enter always submits; where
// the finger is the pointer, Enter breaks. An Enter that ends a Hangul syllable submits once, with the syllable whole:
// after Chromium's keydown the composition ends, before Safari's it has ended. In other scripts such an Enter chooses a
// word.
customElements.define("enter-sends", class extends HTMLElement {
  #isComposing = false; #isHangul = false; #sendsAfter = false;

  connectedCallback() {
    this.box = this.querySelector("textarea");
    // A press of the button ends the composition.
    this.box.form.addEventListener("submit", () => this.#isComposing && this.box.blur(), { capture: true });
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.box.addEventListener("compositionend", ({ data }) => this.#compose(data));
    this.box.addEventListener("beforeinput", (event) => {
      if (this.#sendsAfter && /^insert(LineBreak|Paragraph)$/.test(event.inputType)) event.preventDefault();
    });
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
    if (!event.repeat) this.box.form.requestSubmit();
  }
  #compose(data) {
    this.#isComposing = false;
    this.#isHangul = /\p{Script=Hangul}$/u.test(data);
    if (!this.#sendsAfter) return;
    // Not within the event: the input method still holds the box.
    setTimeout(() => {
      if (this.#sendsAfter && this.#isHangul) this.box.form.requestSubmit();
      this.#sendsAfter = false;
    });
  }
});
