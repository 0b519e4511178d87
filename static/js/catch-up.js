// <catch-up>: while the first unread line is further up than what is seen, says how many there are and leads there, as `n`
// does; its button has all of them read. What comes while the page was away begins with a new "read up to here".
customElements.define("catch-up", class extends HTMLElement {
  #wasAway = false;

  connectedCallback() {
    const room = this.closest(".room");
    [this.log, this.marks] = [room.querySelector("chat-log"), room.querySelector("log-marks")];
    this.reading = this.closest("read-mark");
    this.reading.addEventListener("read-on", () => this.#draw());
    this.log.addEventListener("scroll", () => this.#draw(), { passive: true });
    this.log.addEventListener("lines-came", ({ detail }) => this.#begin(detail.added));
    this.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.reading.readAll();
      this.log.focus({ preventScroll: true }); // the button is about to go
    });
    this.querySelector("a").addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (this.reading.queue.length || !this.querySelector("form").hidden) this.go(); // the key presses a hidden link too
    });
    document.addEventListener("visibilitychange", () => (this.#wasAway ||= document.hidden && !this.reading.queue.length));
  }
  get #first() {
    const { id } = this.reading.queue[0] ?? {};
    return id ? document.getElementById(id) : this.log.querySelector(`[data-seq="${this.marks.dataset.unread}"]`);
  }
  async go() {
    const { id } = this.reading.queue[0] ?? {};
    const query = id ? `?at=${id.replace("line-", "")}` : new URL(this.querySelector("a").href).search;
    if (!this.#first && !(await this.log.load(query))) return;
    const line = this.#first;
    if (!line) return;
    this.log.show(line, 1 / 3);
    line.focus({ preventScroll: true });
  }
  #begin(added) {
    const first = added.find((li) => li.matches(".line:not(.own)"));
    if (!this.#wasAway || !first) return;
    this.#wasAway = false;
    this.marks.dataset.unread = first.dataset.seq;
    this.marks.draw();
  }
  #draw() {
    const [line, { mark, hasGap, queue: { length: count } }] = [this.#first, this.reading];
    const isAbove = line && line.getBoundingClientRect().bottom < this.log.getBoundingClientRect().top;
    this.querySelector("form").hidden = line ? !(isAbove && count) : !(count || hasGap || mark < this.marks.dataset.unread);
    const words = this.querySelector("template").content.textContent;
    if (count) this.querySelector("a span").textContent = words.replace("%(count)s", count > 99 ? "99+" : count);
  }
});
