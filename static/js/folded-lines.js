// <folded-lines>: what people say whom the reader has blocked (the log's data-folded) is folded into the one line of its
// template, until the reader asks for it. It watches the log, since lines come there from many sides.
customElements.define("folded-lines", class extends HTMLElement {
  #shown = new Set();

  connectedCallback() {
    const log = this.parentElement.querySelector("chat-log");
    const lines = log.dataset.folded.split(" ").map((id) => `[data-author="${id}"]:not(.folded)`).join();
    const fold = () => log.querySelectorAll(lines).forEach((li) => this.#shown.has(li.id) || this.#fold(li));
    new MutationObserver(fold).observe(log, { childList: true, subtree: true });
    fold();
  }
  #fold(li) {
    const words = this.querySelector("template").content.cloneNode(true).firstElementChild;
    words.querySelector("button").addEventListener("click", () => {
      this.#shown.add(li.id);
      li.classList.remove("folded");
      words.remove();
      li.focus({ preventScroll: true });
    });
    li.classList.add("folded");
    li.prepend(words);
  }
});
