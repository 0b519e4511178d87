// <log-trim most="300">: keeps the page at so many lines. While the reader follows, the oldest go; while they read further
// up, what comes beyond is not put in (data-live="no": it is counted). A link, a clone of its template where there was
// none, leads on from where the page now begins or ends.
customElements.define("log-trim", class extends HTMLElement {
  get #most() { return Number(this.getAttribute("most")); }
  trim(lines) {
    if (lines.childElementCount <= this.#most) return;
    while (lines.childElementCount > this.#most) lines.querySelector("[data-seq]").remove();
    if (!lines.querySelector("#older")) lines.prepend(this.#clone("older"));
    this.#lead(lines.querySelector("#older a"), lines.querySelector("[data-seq]"));
  }
  end(lines, last) {
    if (lines.dataset.live === "no" || lines.childElementCount < this.#most) return;
    lines.dataset.live = "no";
    last.after(this.#clone("newer"));
    this.#lead(lines.querySelector("#newer a"), last);
  }
  #clone(edge) { return this.querySelector(`[data-edge=${edge}]`).content.cloneNode(true); }
  #lead(link, { id }) {
    for (const name of ["href", "hx-get"]) link.setAttribute(name, link.getAttribute(name).replace(/\d*$/, id.replace("line-", "")));
  }
});
