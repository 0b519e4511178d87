// <pick-list for="…">: a list under a box, which keeps the focus; one item is chosen, and the box says which
// (aria-activedescendant). Open where there is anything to choose.
customElements.define("pick-list", class extends HTMLElement {
  get #box() { return document.getElementById(this.getAttribute("for")); }
  get #list() { return this.querySelector("[role=listbox]"); }
  get isOpen() { return !this.#list.hidden; }
  get item() { return this.#list.querySelector("[aria-selected=true]"); }

  open() {
    const first = this.#list.firstElementChild;
    if (!first) return this.close();
    this.#list.hidden = false;
    this.#select(first);
  }
  close() {
    this.#list.hidden = true;
    this.#box.removeAttribute("aria-activedescendant");
  }
  walk(step) {
    const items = [...this.#list.children];
    this.#select(items.at((items.indexOf(this.item) + step) % items.length));
  }
  #select(item) {
    this.item?.removeAttribute("aria-selected");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.#box.setAttribute("aria-activedescendant", item.id);
  }
});
