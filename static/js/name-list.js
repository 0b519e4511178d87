// <name-list>: while a name is typed after an @, the people it may become, in its <pick-list>; the arrows walk them, Enter
// or Tab or a press puts the name in, Escape closes. The box is only written to between two syllables: an input method at
// work keeps it.
const CALL = /(?:^|[^A-Za-z0-9_.+@/-])@([\p{L}\p{M}\p{N}_.-]{0,20})$/u;

customElements.define("name-list", class extends HTMLElement {
  #typed = null; #isComposing = false; #chosen = null; #wanted;

  connectedCallback() {
    [this.asked, this.list] = [this.querySelector("input"), this.querySelector("pick-list")];
    this.box = this.closest("chat-composer").querySelector("textarea");
    const on = (type, work) => this.box.addEventListener(type, work, { capture: true }); // before <enter-sends>
    on("input", () => this.#read());
    on("blur", () => this.#read((this.#typed = null)));
    on("keydown", (event) => this.list.isOpen && this.#press(event));
    on("compositionstart", () => (this.#isComposing = true));
    on("compositionend", () => this.#compose());
    this.addEventListener("htmx:before:request", ({ detail: { ctx } }) => (ctx.name = this.asked.value));
    // Also when an older one was broken off.
    this.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => ctx.name === this.#wanted && this.list.open());
    this.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the box keeps the focus
      if (event.target.closest("li")) this.#choose(event.target.closest("li"));
    });
  }
  #read() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    const typed = document.activeElement === this.box ? (CALL.exec(before)?.[1] ?? null) : null;
    if (typed === null) this.list.close((this.#wanted = typed));
    else if (typed !== this.#typed) htmx.trigger(this.asked, "ask", (this.asked.value = this.#wanted = typed));
    this.#typed = typed;
  }
  #press(event) {
    const key = event.key === "Process" ? event.code : event.key; // an input method has the key in its hands
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (event.shiftKey || (step && event.isComposing)) return;
    if (key === "Escape") this.list.close();
    else if (step) this.list.walk(step);
    else if (["Enter", "NumpadEnter", "Tab"].includes(key)) this.#choose(this.list.item, event.isComposing);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  #choose(item, isComposing = this.#isComposing) {
    this.#chosen = item;
    if (!isComposing) this.#put();
  }
  #compose() {
    this.#isComposing = false;
    if (this.#chosen) setTimeout(() => this.#put()); // not within the event: the input method still holds the box
  }
  #put() {
    const end = this.box.selectionStart;
    const space = document.documentElement.lang === "ko" ? "" : " "; // in Korean a particle follows the name
    [this.#typed, this.#wanted] = [this.#chosen.dataset.name]; // nothing is wanted now: a late answer opens nothing again
    this.box.setRangeText(`@${this.#typed}${space}`, this.box.value.lastIndexOf("@", end - 1), end, "end");
    this.#chosen = null;
    this.list.close();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
