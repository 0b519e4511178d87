// <search-box>: what is found as somebody types stands under the box. Arrows walk through it, Escape takes it away and
// leads back to the box.
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("input");
    this.found = this.querySelector(".suggest");
    this.addEventListener("keydown", this);
    this.addEventListener("htmx:finally:request", () => (this.found.hidden = !this.found.firstElementChild));
  }
  handleEvent(event) {
    if (event.isComposing || this.found.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.walk(step);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }
  walk(step) {
    const links = [...this.found.querySelectorAll("a")];
    const next = Math.min(links.indexOf(document.activeElement) + step, links.length - 1);
    (links[next] ?? this.box).focus();
  }
  close() {
    this.found.hidden = true;
    this.box.focus();
  }
});
