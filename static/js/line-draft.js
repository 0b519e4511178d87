// <line-draft>: what stands in the box survives a reload in this tab, as does what is not sent yet. Lines that are
// handed back stand before what was typed since; sent again as they stand, they are the same lines, under the same
// client ids.
const random = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, random); // http

customElements.define("line-draft", class extends HTMLElement {
  #back = []; #waiting = []; #isComposing = false;

  connectedCallback() {
    const [composer, room] = ["chat-composer", ".room"].map((name) => this.closest(name));
    [this.box, this.outbox] = ["textarea", "line-outbox"].map((name) => composer.querySelector(name));
    this.key = `draft ${room.querySelector("chat-log").dataset.me} ${this.box.form.getAttribute("action")}`;
    this.box.addEventListener("input", () => this.#save());
    this.box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.box.addEventListener("compositionend", () => setTimeout(() => this.#return([], (this.#isComposing = false))));
    composer.addEventListener("lines-returned", ({ detail }) => this.#return(detail.items));
    room.addEventListener("lines-came", ({ detail }) => this.#forget([...detail.added, ...detail.unseen]));
    document.addEventListener("visibilitychange", () => this.#save()); // also when the page is left
    this.#restore();
  }
  get #items() { // lines that came back and still stand there, then whatever else
    let rest = this.box.value;
    const still = this.#back.filter(({ text }) => {
      const stands = rest === text || rest.startsWith(`${text}\n`);
      if (stands) rest = rest.slice(text.length + 1);
      return stands;
    });
    return rest.trim() ? [...still, { text: rest }] : still;
  }
  set #items(items) {
    this.box.value = items.map(({ text }) => text).join("\n");
    this.#back = items.filter(({ id }) => id);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  take() {
    const items = this.#items.map((item) => ({ ...item, text: item.text.trimEnd(), id: item.id ?? newId() }));
    this.#items = [];
    return items;
  }
  #return(items) {
    this.#waiting.push(...items);
    if (this.#isComposing || !this.#waiting.length) return; // a syllable under way would be torn apart
    this.#items = [...this.#waiting.splice(0), ...this.#items];
  }
  #forget(lines) { // a line that seemed lost was taken after all
    const ids = lines.map((li) => li.dataset.client).filter(Boolean);
    if (this.#isComposing || !this.#items.some(({ id }) => ids.includes(id))) return;
    this.#items = this.#items.filter(({ id }) => !ids.includes(id));
    document.getElementById("composer-error").replaceChildren();
  }
  #save() {
    const items = [...(this.outbox.unsent ?? []), ...this.#waiting, ...this.#items];
    sessionStorage.setItem(this.key, JSON.stringify(items));
  }
  #restore() {
    const items = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    if (items.length) this.#items = items.filter(({ id }) => !id || !document.querySelector(`[data-client="${id}"]`));
  }
});
