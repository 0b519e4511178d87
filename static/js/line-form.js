// <line-form>: the form that edits or deletes a line, in the place of the composer, whose draft waits meanwhile. It
// stands outside of the log: whatever comes there takes nothing from what is being written here.
customElements.define("line-form", class extends HTMLElement {
  #line = "";

  connectedCallback() {
    this.place = this.firstElementChild;
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      this.#close();
    });
    this.addEventListener("click", (event) => {
      if (!event.target.closest("[data-cancel]")) return;
      event.preventDefault();
      this.#close();
    });
    this.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
      if (ctx.request.method === "POST" && ctx.response?.status === 200) this.#close();
    });
  }
  async open(address, li) {
    this.#line = li.id;
    await htmx.ajax("GET", address, { source: this.place, target: this.place, swap: "innerHTML" });
    const field = this.querySelector("[autofocus]");
    field?.focus();
    field?.setSelectionRange?.(field.value.length, field.value.length);
  }
  #close() {
    this.place.replaceChildren();
    document.getElementById(this.#line)?.focus({ preventScroll: true });
  }
});
