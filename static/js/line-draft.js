// <line-draft>: the lines that what stands in the box is. What is handed back stands before what was typed since; sent
// again as it stands, it is the same lines, under the same client ids. <line-keep> has all of it survive a reload.
const random = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, random); // http

customElements.define("line-draft", class extends HTMLElement {
  #back = []; #waiting = []; #isComposing = false;

  connectedCallback() {
    const composer = this.closest("chat-composer");
    this.box = composer.querySelector("textarea");
    this.box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.box.addEventListener("compositionend", () => setTimeout(() => this.#return([], (this.#isComposing = false))));
    composer.addEventListener("lines-returned", ({ detail: { items } }) => this.#return(items));
    this.closest(".room").addEventListener("lines-came", ({ detail }) => this.#forget([...detail.added, ...detail.unseen]));
  }
  get items() { // lines that came back and still stand there, then whatever else
    let rest = this.box.value;
    const still = this.#back.filter(({ text }) => {
      const stands = rest === text || rest.startsWith(`${text}\n`);
      if (stands) rest = rest.slice(text.length + 1);
      return stands;
    });
    return rest.trim() ? [...still, { text: rest }] : still;
  }
  set items(items) {
    this.box.value = items.map(({ text }) => text).join("\n");
    this.#back = items.filter(({ id }) => id);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  get all() { return [...this.#waiting, ...this.items]; } // with what waits for the end of a syllable
  take() {
    const items = this.items.map((item) => ({ ...item, text: item.text.trimEnd(), id: item.id ?? newId() }));
    this.items = [];
    return items;
  }
  #return(items) {
    this.#waiting.push(...items);
    if (this.#isComposing || !this.#waiting.length) return; // a syllable under way would be torn apart
    this.items = [...this.#waiting.splice(0), ...this.items];
  }
  #forget(lines) { // a line that seemed lost was taken after all
    const unsaid = this.items.filter(({ id }) => !id || !lines.some((li) => li.dataset.client === id));
    if (this.#isComposing || unsaid.length === this.items.length) return;
    this.items = unsaid;
    document.getElementById("composer-error").replaceChildren();
  }
});
