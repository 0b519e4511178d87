// <new-posts data-for="tag-django" data-after="912">: counts the posts that came since and belong to this list, and says
// so; nothing moves. The link puts them on top, and the focus on the first; where they are many it is a plain link.
customElements.define("new-posts", class extends HTMLElement {
  #ids = new Set(); #newest = 0;

  connectedCallback() {
    [this.link, this.words] = [this.querySelector("a"), this.querySelector("template").content.textContent];
    this.stream = document.querySelector("live-stream");
    this.#newest = Number(this.dataset.after);
    this.stream?.addEventListener("opened", ({ detail }) => this.#hear(detail.data.split("\n")));
    this.link.addEventListener("click", (event) => this.#click(event));
    this.#draw();
  }
  #hear(rows) {
    const wanted = this.dataset.for.split(" ").filter(Boolean);
    const before = this.#ids.size;
    for (const [id, ...words] of rows.map((row) => row.split(" "))) {
      this.#newest = Math.max(this.#newest, id);
      const isOurs = wanted.every((word) => words.includes(word));
      if (isOurs && !document.getElementById(`entry-${id}`)) this.#ids.add(id);
    }
    this.#know();
    this.#draw();
    if (this.#ids.size > before) document.getElementById("told").textContent = this.link.textContent;
  }
  // Whoever connects again is told only what came after.
  #know() {
    const address = new URL(this.stream.getAttribute("hx-sse:connect"), location.href);
    address.searchParams.set("after", this.#newest);
    this.stream.setAttribute("hx-sse:connect", address.pathname + address.search);
  }
  #draw() {
    this.link.hidden = !this.#ids.size;
    this.link.querySelector("span").textContent = this.words.replace("%(count)s", this.#ids.size);
  }
  async #click(event) {
    const list = document.getElementById("entries");
    const isMany = this.#ids.size > this.dataset.most;
    if (!list || isMany || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const [address, first] = [new URL(this.link.href), Math.min(...this.#ids)];
    address.searchParams.set("after", first - 1);
    await htmx.ajax("GET", address.pathname + address.search, { source: this, target: list, swap: "afterbegin" });
    for (const li of [...list.children]) if (li.id && document.getElementById(li.id) !== li) li.remove(); // was there
    this.#ids.clear();
    this.#draw();
  }
});
