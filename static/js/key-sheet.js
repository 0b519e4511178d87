// <key-sheet>: shows the keyboard map over the page. Its link leads to the same as a page of its own.
customElements.define("key-sheet", class extends HTMLElement {
  connectedCallback() {
    const sheet = this.querySelector("dialog");
    document.addEventListener("click", async (event) => {
      const link = event.target.closest('a[data-key="?"]');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      await htmx.ajax("GET", link.href, { target: sheet, swap: "innerHTML" });
      if (!sheet.querySelector("form")) return location.assign(link.href);
      if (!sheet.open) sheet.showModal();
    });
    sheet.addEventListener("click", ({ target }) => target === sheet && sheet.close()); // beside it
  }
});
