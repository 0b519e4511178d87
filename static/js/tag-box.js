// <tag-box src="/tags/suggest/">: completes the last word of the box of tags. ↓ and ↑ walk what is offered, Enter or a
// click takes it, Escape sends it away. The box stays plain text: what it says is what is sent.
const BETWEEN = /[,、，;\s]+/;

customElements.define("tag-box", class extends HTMLElement {
  connectedCallback() {
    [this.box, this.list] = [this.querySelector("input"), this.querySelector("[role=listbox]")];
    const role = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(role)) this.box.setAttribute(name, value);
    this.box.addEventListener("input", () => this.#ask());
    this.box.addEventListener("keydown", (event) => this.#press(event));
    this.box.addEventListener("blur", () => this.#close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
    this.list.addEventListener("click", ({ target }) => this.#take(target.closest("li")));
    this.addEventListener("htmx:after:swap", () => this.#choose(null));
  }
  get #chosen() { return this.list.querySelector("[aria-selected=true]"); }
  #ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const options = { source: this, target: this.list, swap: "innerHTML", values: { q: this.box.value } };
      htmx.ajax("GET", this.getAttribute("src"), options).then(() => this.#choose(null));
    }, 120);
  }
  #close() {
    clearTimeout(this.timer);
    this.list.replaceChildren();
    this.#choose(null);
  }
  #choose(li) {
    this.#chosen?.setAttribute("aria-selected", "false");
    li?.setAttribute("aria-selected", "true");
    this.box.setAttribute("aria-activedescendant", li?.id ?? "");
    this.list.hidden = document.activeElement !== this.box || !this.list.children.length;
    this.box.setAttribute("aria-expanded", String(!this.list.hidden));
  }
  #press(event) {
    if (event.isComposing || this.list.hidden) return;
    const { firstElementChild: first, lastElementChild: last } = this.list;
    const way = { ArrowDown: this.#chosen?.nextElementSibling ?? first, ArrowUp: this.#chosen?.previousElementSibling ?? last };
    if (way[event.key]) this.#choose(way[event.key]);
    else if (event.key === "Escape") this.#close();
    else if (event.key === "Enter" && this.#chosen) this.#take(this.#chosen);
    else return;
    event.preventDefault();
  }
  #take(li) {
    if (!li) return;
    const words = this.box.value.split(BETWEEN).slice(0, -1).filter(Boolean);
    this.box.value = `${[...words, li.dataset.name].join(", ")}, `;
    this.#close();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
