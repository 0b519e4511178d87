// <line-keep>: what stands in the box survives a reload in this tab, as does what is not sent yet, and the line it answers.
customElements.define("line-keep", class extends HTMLElement {
  connectedCallback() {
    const composer = this.closest("chat-composer");
    [this.draft, this.outbox, this.bar] = ["line-draft", "line-outbox", "reply-bar"].map((name) => composer.querySelector(name));
    const box = composer.querySelector("textarea");
    this.key = `draft ${this.closest(".room").querySelector("chat-log").dataset.me} ${box.form.getAttribute("action")}`;
    box.autocomplete = "off"; // else the browser, coming back, puts what stood there over what is put there here
    for (const type of ["input", "answer-turned"]) box.form.addEventListener(type, () => this.save());
    document.addEventListener("visibilitychange", () => this.save()); // also when the page is left
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.#restore()); // a later page may have sent it
    this.#restore(box.value);
  }
  save() {
    const { answered, target } = this.bar;
    this.#write("", [...(this.outbox.unsent ?? []), ...this.draft.all]);
    this.#write(" answers", { answered, target });
  }
  #write(name, value) { sessionStorage.setItem(this.key + name, JSON.stringify(value)); }
  #read(name) { return JSON.parse(sessionStorage.getItem(this.key + name)); }
  async #restore(typed) { // what was typed before this script ran
    const [items, { answered, target } = {}] = [this.#read("") ?? [], this.#read(" answers") ?? undefined];
    const unsaid = items.filter(({ id }) => !id || !document.querySelector(`[data-client="${id}"]`));
    if (typed && typed !== unsaid.map(({ text }) => text).join("\n")) unsaid.push({ text: typed });
    await customElements.whenDefined("reply-bar");
    this.bar.target = target;
    this.bar.resume(answered || unsaid.findLast(({ replyTo }) => replyTo)?.replyTo);
    if (items.length || this.draft.box.value) this.draft.items = unsaid;
  }
});
