// <line-draft>: what stands in the box survives a reload in this tab, as does what is not sent yet. What is handed back
// stands before what was typed since; sent again as it stands, it is the same lines, under the same client ids.
const random = (c) => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16);
const newId = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, random); // http

customElements.define("line-draft", class extends HTMLElement {
  #back = []; #waiting = []; #isComposing = false;

  connectedCallback() {
    const [composer, room] = [this.closest("chat-composer"), this.closest(".room")];
    [this.box, this.outbox] = [composer.querySelector("textarea"), composer.querySelector("line-outbox")];
    this.key = `draft ${room.querySelector("chat-log").dataset.me} ${this.box.form.getAttribute("action")}`;
    this.box.autocomplete = "off"; // else the browser, coming back, puts what stood there over what is put there here
    this.box.addEventListener("input", () => this.save());
    this.box.addEventListener("compositionstart", () => (this.#isComposing = true));
    this.box.addEventListener("compositionend", () => setTimeout(() => this.#return([], (this.#isComposing = false))));
    composer.addEventListener("lines-returned", ({ detail: { items } }) => this.#return(items));
    room.addEventListener("lines-came", ({ detail }) => this.#forget([...detail.added, ...detail.unseen]));
    document.addEventListener("visibilitychange", () => this.save()); // also when the page is left
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#restore()); // a later page may have sent it
    this.#restore(this.box.value);
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
    const unsaid = this.#items.filter(({ id }) => !id || !lines.some((li) => li.dataset.client === id));
    if (this.#isComposing || unsaid.length === this.#items.length) return;
    this.#items = unsaid;
    document.getElementById("composer-error").replaceChildren();
  }
  save() {
    sessionStorage.setItem(this.key, JSON.stringify([...(this.outbox.unsent ?? []), ...this.#waiting, ...this.#items]));
  }
  #restore(typed) { // what was typed before this script ran
    const items = JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    const unsaid = items.filter(({ id }) => !id || !document.querySelector(`[data-client="${id}"]`));
    if (typed && typed !== unsaid.map(({ text }) => text).join("\n")) unsaid.push({ text: typed });
    if (items.length || this.box.value) this.#items = unsaid;
  }
});
