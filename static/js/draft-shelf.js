// <draft-shelf data-me="7" data-post="">: offers what only this browser has: texts whose page was closed, or crashed,
// before the server had them. One that belongs to the draft on the page is put back into its form at once.
customElements.define("draft-shelf", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("htmx:after:process", () => this.#look(), { once: true });
  }
  #look() {
    this.form = this.closest("form");
    const prefix = `post-draft ${this.dataset.me} `;
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(prefix))) {
      const { text, ...item } = JSON.parse(localStorage.getItem(key));
      Object.assign(item, { key, draft: key.slice(prefix.length), fields: JSON.parse(text) });
      if (item.draft === this.form.elements.draft.value) this.#putBack(item);
      else if (item.post === this.dataset.post) this.#offer(item);
    }
  }
  #offer(item) {
    const note = this.querySelector("template").content.cloneNode(true).firstElementChild;
    note.querySelector("b").textContent = item.fields[0] || item.fields[3].slice(0, 40);
    note.addEventListener("click", ({ target }) => {
      const { value } = target.closest("button") ?? {};
      if (!value) return;
      note.remove();
      if (value === "drop") return localStorage.removeItem(item.key);
      this.form.elements.draft.value = item.draft;
      this.#putBack(item);
      this.form.elements.title.focus();
    });
    this.append(note);
  }
  #putBack({ key, fields, version }) {
    const { title, category, tags, body, members_only: members, draft_version: known, draft_page: page } = this.form.elements;
    if (performance.getEntriesByType("navigation")[0].type === "reload") page.value = sessionStorage.getItem(key) ?? page.value;
    [title.value, category.value, tags.value, body.value] = fields;
    members.checked = Boolean(fields[4]);
    known.value = version;
    body.dispatchEvent(new Event("input", { bubbles: true })); // shows how it looks
    this.form.querySelector("post-draft").owe();
  }
});
