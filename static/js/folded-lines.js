// <folded-lines>: what people say whom the reader has blocked (the log's data-folded) is folded until the reader opens it,
// and so are quotes of it. A page brings its lines folded; the stream, which knows no reader, does not: those get clones
// of the templates. It watches the log, since lines come there from many sides.
customElements.define("folded-lines", class extends HTMLElement {
  #open = new Set();

  connectedCallback() {
    const log = this.parentElement.querySelector("chat-log");
    const [fold, unquoted] = [...this.querySelectorAll("template")].map((each) => each.content);
    const people = log.dataset.folded.split(" ");
    const lines = people.map((id) => `[data-author="${id}"]:not(:has(> .fold))`).join();
    const quotes = people.map((id) => `.quote[data-whose="${id}"]:not(.folded)`).join();
    const look = () => {
      for (const li of log.querySelectorAll(lines)) {
        li.prepend(fold.cloneNode(true));
        li.firstElementChild.open = this.#open.has(li.id);
        li.classList.toggle("folded", !li.firstElementChild.open);
      }
      for (const quote of log.querySelectorAll(quotes)) {
        quote.classList.add("folded");
        quote.append(unquoted.cloneNode(true));
      }
    };
    new MutationObserver(look).observe(log, { childList: true, subtree: true });
    log.addEventListener("toggle", ({ target }) => target.matches(".fold") && this.#turn(target), { capture: true });
    look();
  }
  #turn({ open, parentElement: li }) {
    this.#open[open ? "add" : "delete"](li.id);
    li.classList.toggle("folded", !open);
  }
});
