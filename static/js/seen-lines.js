// <seen-lines>: tells twice a second (`lines-seen`) of the lines that have stood before the reader for a second in a visible
// tab, of each once.
const SEEN = 1_000; // milliseconds
const ENOUGH = 0.6; // of the line, or of the log where the line is longer

customElements.define("seen-lines", class extends HTMLElement {
  #inView = new Map(); #seen = new Set();

  connectedCallback() {
    const log = this.closest(".room").querySelector("chat-log");
    const options = { root: log, threshold: [0, 0.2, 0.4, ENOUGH, 0.8, 1] };
    const observer = new IntersectionObserver((entries) => entries.forEach((each) => this.#look(each)), options);
    const observe = () => log.lines.querySelectorAll("[data-seq]").forEach((li) => observer.observe(li));
    for (const name of ["lines-came", "page-came"]) log.addEventListener(name, observe);
    requestAnimationFrame(observe);
    document.addEventListener("visibilitychange", () => this.#inView.forEach((_, li, all) => all.set(li, Date.now())));
    setInterval(() => document.hidden || this.#tell(), SEEN / 2);
  }
  #look({ target, intersectionRatio, intersectionRect, rootBounds }) {
    const isInView = intersectionRatio >= ENOUGH || intersectionRect.height >= ENOUGH * rootBounds?.height;
    if (!isInView) this.#inView.delete(target);
    else if (!this.#inView.has(target)) this.#inView.set(target, Date.now());
  }
  #tell() {
    const ripe = [...this.#inView].filter(([, at]) => Date.now() - at >= SEEN).map(([li]) => li);
    const lines = ripe.filter((li) => !this.#seen.has(li.dataset.seq));
    for (const li of lines) this.#seen.add(li.dataset.seq);
    this.dispatchEvent(new CustomEvent("lines-seen", { bubbles: true, detail: { lines } }));
  }
});
