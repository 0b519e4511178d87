// <post-draft src="/drafts/" data-me="7">: keeps what is typed into the form around it: in this browser with every key,
// on the server two seconds after the last one, after which the browser forgets it. What could not be kept there is
// tried again. The first time it says so aloud. The address becomes the draft's: a reload goes on with it.
const [PAUSE, AGAIN] = [2_000, 10_000]; // milliseconds
const FIELDS = ["title", "category", "tags", "body", "members_only"];
const textOf = (form, data = new FormData(form)) => JSON.stringify(FIELDS.map((name) => data.get(name)));

customElements.define("post-draft", class extends HTMLElement {
  #kept; #isSaving = false; #isTold = false; #isLeaving = false; #timer;

  connectedCallback() {
    this.form = this.closest("form");
    const asItCame = this.form.cloneNode(true); // not as a browser fills it in after a reload
    asItCame.reset();
    this.#kept = textOf(asItCame);
    setTimeout(() => this.#note());
    this.form.addEventListener("input", () => this.#note());
    this.form.addEventListener("submit", () => clearTimeout(this.#timer));
    document.addEventListener("visibilitychange", () => document.hidden && this.#save());
    window.addEventListener("online", () => this.#save());
    window.addEventListener("beforeunload", () => (this.#isLeaving = true));
  }
  get #key() { return `post-draft ${this.dataset.me} ${this.form.elements.draft.value}`; }
  owe() { this.#note((this.#kept = null)); } // the server may lack what stands here
  #note() {
    const [text, { draft_post: post, draft_version: version, draft_page: page }] = [textOf(this.form), this.form.elements];
    if (text === this.#kept) return;
    this.#isLeaving = false;
    sessionStorage.setItem(this.#key, page.value); // of this tab: a reload goes on as the same page
    localStorage.setItem(this.#key, JSON.stringify({ text, post: post.value, version: version.value }));
    this.#later(PAUSE);
  }
  #later(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), time);
  }
  async #save() {
    const [text, key] = [textOf(this.form), this.#key];
    if (this.#isSaving || text === this.#kept) return;
    this.#isSaving = true;
    const ctx = await this.#post(Object.fromEntries(new FormData(this.form)));
    this.#isSaving = false;
    const status = ctx?.response?.status;
    if (status === 200 || status === 204) this.#kept = text; // 204: there is nothing to keep yet
    if (status === 200) this.#tell(key);
    if (textOf(this.form) !== this.#kept) this.#later(this.#kept === text ? PAUSE : AGAIN);
    this.dispatchEvent(new CustomEvent("draft-answered", { detail: { ctx } }));
  }
  #post(values, options = { source: this, target: "#saved", swap: "innerHTML", values }) {
    return new Promise((resolve) => {
      this.addEventListener("htmx:finally:request", ({ detail }) => resolve(detail.ctx), { once: true });
      htmx.ajax("POST", this.getAttribute("src"), options).finally(() => setTimeout(resolve));
    });
  }
  #tell(key) {
    if (!this.#isLeaving) localStorage.removeItem(key); // the next page may have been read before this was saved
    if (!this.#isTold) document.getElementById("told").textContent = this.querySelector("template").innerHTML;
    this.#isTold = true;
    history.replaceState(history.state, "", `${this.getAttribute("src")}${this.form.elements.draft.value}/`);
  }
});
