// <log-trim most="300">: keeps the page at so many lines. The oldest go, and the link to older ones, a clone of its template
// where there was none, leads on from where the page now begins.
customElements.define("log-trim", class extends HTMLElement {
  get #most() { return Number(this.getAttribute("most")); }
  trim(lines) {
    if (lines.childElementCount <= this.#most) return;
    while (lines.childElementCount > this.#most) lines.querySelector("[data-seq]").remove();
    if (!lines.querySelector("#older")) lines.prepend(this.querySelector("template").content.cloneNode(true));
    const link = lines.querySelector("#older a");
    const address = new URL(link.href);
    address.searchParams.set("before", lines.querySelector("[data-seq]").id.replace("line-", ""));
    for (const name of ["href", "hx-get"]) link.setAttribute(name, address.pathname + address.search);
  }
});
