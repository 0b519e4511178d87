// <jump-pill>: leads to the newest line while the reader is further up, and counts what others have said meanwhile.
customElements.define("jump-pill", class extends HTMLElement {
  #count = 0; #plain;

  connectedCallback() {
    const room = this.closest(".room");
    this.log = room.querySelector("chat-log");
    this.#plain = this.#words.textContent;
    this.log.addEventListener("scroll", () => this.#draw(), { passive: true });
    room.addEventListener("page-came", () => this.#draw());
    room.addEventListener("lines-came", ({ detail }) => {
      this.#count += [...detail.added, ...detail.unseen].filter((li) => !li.matches(".own")).length;
      this.#draw();
    });
    this.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.log.toNewest();
      this.log.focus({ preventScroll: true }); // the pill is about to go
    });
  }
  get #words() { return this.querySelector("span"); }
  #draw() {
    const { isLive, isAtEnd, fromEnd, clientHeight } = this.log;
    if (isLive && isAtEnd) this.#count = 0;
    const words = this.querySelector("template").content.textContent.replace("%(count)s", this.#count);
    this.#words.textContent = this.#count ? words : this.#plain;
    this.querySelector("a").hidden = isLive && !this.#count && fromEnd < clientHeight;
  }
});
