// <line-ticks data-ticked="1 2">: sets a line aside for the kept thoughts, or no longer, without leaving the room. Its one
// link comes to the line in hand, into the line's toolbar where there is one. The answer is said in #toast, with a button
// that undoes it, for a while.
const SHOWN = 10_000; // milliseconds

customElements.define("line-ticks", class extends HTMLElement {
  #timer;

  connectedCallback() {
    this.log = document.querySelector("chat-log");
    this.ids = new Set(this.dataset.ticked.split(" "));
    this.bar = this.querySelector("template")?.content.cloneNode(true).firstElementChild;
    if (!this.bar) return; // a visitor
    this.link = this.bar.firstElementChild;
    this.log.addEventListener("line-in-hand", ({ target }) => target.dataset.seq && this.#bring(target));
    this.link.addEventListener("click", (event) => this.#press(event));
    this.addEventListener("htmx:after:swap", () => this.#hear());
    new MutationObserver(() => this.#draw()).observe(this.log, { childList: true, subtree: true });
    this.#draw();
  }
  #bring(li) {
    if (li.matches(".gone, .folded") || (li.contains(this.link) && !document.querySelector("line-actions"))) return;
    const toolbar = document.querySelector("line-actions") && this.log.querySelector(".acts");
    if (toolbar && !toolbar.contains(this.link)) toolbar.prepend(this.link);
    else if (!toolbar) li.append(this.bar);
    const id = li.id.replace("line-", "");
    this.link.href = `/lines/${id}/tick/`;
    this.link.ariaPressed = this.ids.has(id);
  }
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const values = { ticked: this.link.ariaPressed === "true" ? "0" : "1" };
    htmx.ajax("POST", this.link.href, { source: this, target: "#toast", swap: "innerHTML", values });
  }
  #hear() {
    const { line, ticked } = this.querySelector("[data-line]").dataset;
    this.ids[ticked === "1" ? "add" : "delete"](line);
    this.#draw();
    if (this.link.href.endsWith(`/lines/${line}/tick/`)) this.link.ariaPressed = ticked === "1";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.querySelector("#toast").replaceChildren(), SHOWN);
  }
  #draw() {
    for (const li of this.log.querySelectorAll(".line[data-seq]")) {
      li.classList.toggle("ticked", this.ids.has(li.id.replace("line-", "")));
    }
  }
});
