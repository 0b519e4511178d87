// <chat-log src="…" data-me="…">: follows its end while the reader is there; else the line under the eye stays where it
// is, whatever comes above or below. `busy` is over when no page is under way. By data-me a line is `own`.
const NEAR = 64; // pixels from the end that still count as the end
customElements.define("chat-log", class extends HTMLElement {
  busy = null; #underWay = 0;

  constructor() {
    super();
    document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
      if (ctx.target !== this.lines) return;
      this.#underWay += 1;
      const coming = new Promise((resolve) => (ctx.hasCome = resolve)).then(() => (this.#underWay -= 1));
      this.busy = Promise.all([this.busy, coming]);
    });
    document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => ctx.hasCome?.());
  }
  connectedCallback() {
    for (const li of this.querySelectorAll("[data-seq]")) this.know(li);
  }
  get lines() { return this.querySelector("#lines"); }
  get isBusy() { return this.#underWay > 0; }
  get isLive() { return this.lines.dataset.live === "yes"; } // does it hold the newest lines?
  get fromEnd() { return this.lines.getBoundingClientRect().bottom - this.getBoundingClientRect().bottom; }
  get isAtEnd() { return this.fromEnd < NEAR; }
  toEnd() { this.scrollTop = 0; } // column-reverse counts from there; a pixel off, and it would not stick
  toNewest() { return this.isLive ? this.toEnd() : this.load(); }
  know(li) {
    if (li.classList.toggle("own", li.dataset.author === this.dataset.me)) li.ariaLive = "off"; // is not read back
    if (li.dataset.client) this.querySelector(`.pending[data-client="${CSS.escape(li.dataset.client)}"]`)?.remove();
  }
  keep(mayFollow, change) {
    const follows = mayFollow && this.isAtEnd;
    const eye = follows ? null : this.#eye();
    const top = eye?.getBoundingClientRect().top;
    change(follows);
    this.dispatchEvent(new CustomEvent("log-changed")); // what is drawn between lines moves nothing either
    if (follows) return this.toEnd();
    const same = eye && document.getElementById(eye.id); // which may be its next version
    if (same) this.scrollTop += same.getBoundingClientRect().top - top;
  }
  async load(query = "?at=newest") {
    const old = this.lines;
    await htmx.ajax("GET", this.getAttribute("src") + query, { source: this, target: old, swap: "window" });
    if (this.lines !== old) this.toEnd();
    return this.lines !== old;
  }
  #eye() {
    const { left, top } = this.getBoundingClientRect();
    let li = document.elementFromPoint(left + 16, top + 1)?.closest("#lines > li") ?? this.lines.firstElementChild;
    while (li && !(li.dataset.seq && li.getBoundingClientRect().top >= top)) li = li.nextElementSibling;
    return li;
  }
  show(li, share) { // with its middle at this share of the height
    const [all, one] = [this.getBoundingClientRect(), li.getBoundingClientRect()];
    this.scrollTop += one.top - all.top - (all.height - one.height) * share;
  }
});
