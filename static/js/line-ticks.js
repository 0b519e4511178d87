// <line-ticks data-ticked="1 2">: a line's [data-tick] sets it aside for the kept thoughts, or no longer, without leaving
// the room. The answer is said in #toast, with a button that undoes it, for a while.
const SHOWN = 10_000; // milliseconds

customElements.define("line-ticks", class extends HTMLElement {
  #timer;

  connectedCallback() {
    this.log = document.querySelector("chat-log");
    this.ids = new Set(this.dataset.ticked.split(" "));
    this.log.addEventListener("click", (event) => this.#press(event));
    this.addEventListener("htmx:after:swap", () => this.#hear());
    new MutationObserver(() => this.#draw()).observe(this.log, { childList: true, subtree: true });
    this.#draw();
  }
  #idOf(link) { return link.closest(".line").id.replace("line-", ""); }
  #press(event) {
    const link = event.target.closest("a[data-tick]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const values = { ticked: this.ids.has(this.#idOf(link)) ? "0" : "1" };
    htmx.ajax("POST", link.href, { source: this, target: "#toast", swap: "innerHTML", values });
  }
  #hear() {
    const { line, ticked } = this.querySelector("[data-line]").dataset;
    this.ids[ticked === "1" ? "add" : "delete"](line);
    this.#draw();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.querySelector("#toast").replaceChildren(), SHOWN);
  }
  #draw() {
    const isTicked = (li) => this.ids.has(li.id.replace("line-", ""));
    for (const li of this.log.querySelectorAll(".line[data-seq]")) li.classList.toggle("ticked", isTicked(li));
    for (const link of this.log.querySelectorAll("a[data-tick]")) {
      link.role = "button";
      link.ariaPressed = String(isTicked(link.closest(".line")));
    }
  }
});
