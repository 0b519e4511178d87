// <read-mark data-mark="…" data-told="…" every="2">: tells the site how far the reader has read, as often while that
// changes. The mark passes a line that was seen (<seen-lines>) when all before it are read, so what flew past, or lies
// above a jump, stays unread. Lines of which the inbox tells are told one by one.
const seqOf = (li) => Number(li.dataset.seq);

customElements.define("read-mark", class extends HTMLElement {
  queue = []; #reach; #sent; #seen = new Set(); #told; #readTold = [];

  connectedCallback() {
    this.log = this.closest(".room").querySelector("chat-log");
    this.mark = this.#reach = this.dataset.mark === "" ? null : Number(this.dataset.mark);
    this.#told = new Set(this.dataset.told.split(" "));
    for (const name of ["lines-came", "page-came"]) this.log.addEventListener(name, () => this.#collect());
    this.addEventListener("lines-seen", ({ detail }) => this.#advance(detail.lines));
    requestAnimationFrame(() => this.#collect());
    setInterval(() => document.hidden || this.#tell(), this.getAttribute("every") * 1_000);
  }
  // All that the page holds is read, whether it was seen or not.
  readAll() {
    [this.queue, this.hasGap] = [[], false];
    this.mark = this.#reach = Math.max(this.mark, ...[...this.log.lines.querySelectorAll("[data-seq]")].map(seqOf));
    this.#readTold.push(...this.#told);
    this.#tell();
  }
  // Lines queue up for the mark where they go on from what it has passed, and never over a gap.
  #collect() {
    const items = [...this.log.lines.querySelectorAll("[data-seq]")];
    const first = items.length ? seqOf(items[0]) : 1;
    if (this.mark === null && this.log.isLive) this.mark = this.#reach = first - 1;
    this.hasGap = this.mark === null || (first > this.#reach + 1 && !!this.log.querySelector("#older"));
    if (this.hasGap) return;
    const fresh = items.filter((li) => seqOf(li) > this.#reach);
    const unread = fresh.filter((li) => li.matches(".line:not(.own, .gone)"));
    this.queue.push(...unread.map((li) => ({ id: li.id, seq: seqOf(li) })));
    if (fresh.length) this.#reach = seqOf(fresh.at(-1));
  }
  #advance(lines) {
    for (const li of lines) {
      this.#seen.add(seqOf(li));
      const id = li.id.replace("line-", "");
      if (this.#told.delete(id) || li.matches(".call")) this.#readTold.push(id);
    }
    while (this.#seen.has(this.queue[0]?.seq)) this.mark = this.queue.shift().seq;
    if (!this.queue.length && this.mark !== null) this.mark = this.#reach;
    this.dispatchEvent(new CustomEvent("read-on"));
  }
  #tell() {
    if (this.mark === null || (this.mark === this.#sent && !this.#readTold.length)) return;
    const values = { seq: (this.#sent = this.mark), lines: this.#readTold.splice(0).join() };
    htmx.ajax("POST", this.querySelector("form").getAttribute("action"), { source: this, swap: "none", values });
  }
});
