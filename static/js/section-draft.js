// <section-draft key="digest-7-new" data-me="3">: keeps what is typed into the form around it in this browser, with every
// key, until a later page says that it was taken (draft-done.js). A page opened meanwhile goes on with it, and says so.
// With `adds`, lines that were ticked since are put at the end; of those it was offered before it knows what became.
const FIELDS = ["title", "text", "version"];
const marksIn = (text) => text.match(/\[\[\d+\]\]/g) ?? [];

customElements.define("section-draft", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.name = `section-draft ${this.dataset.me} ${this.getAttribute("key")}`;
    this.form.autocomplete = "off"; // else the browser, coming back, puts what stood there over what is put there here
    this.cameWith = this.#typed;
    this.offered = marksIn(this.cameWith.text);
    this.#goOn(JSON.parse(localStorage.getItem(this.name)));
    this.form.addEventListener("input", () => this.#keep());
    this.querySelector("button").addEventListener("click", () => {
      localStorage.removeItem(this.name);
      this.#put(this.cameWith);
      this.querySelector("p").hidden = true;
      this.form.elements.title.focus();
    });
  }
  get #typed() { return Object.fromEntries(FIELDS.map((name) => [name, this.form.elements[name].value])); }
  #put(fields) {
    for (const name of FIELDS) this.form.elements[name].value = fields[name];
  }
  #keep() { localStorage.setItem(this.name, JSON.stringify({ ...this.#typed, offered: this.offered })); }
  #goOn(kept) {
    if (!kept || FIELDS.every((name) => kept[name] === this.cameWith[name])) return;
    const since = this.hasAttribute("adds") ? this.offered.filter((mark) => !kept.offered.includes(mark)) : [];
    this.#put({ ...kept, text: [kept.text, ...since].join("\n\n") });
    this.querySelector("p").hidden = false;
  }
});
