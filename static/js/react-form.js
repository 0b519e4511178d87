// <react-form>: a word under a line, pressed by anybody, stands there or does not at once; the answer is the line.
customElements.define("react-form", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      const { target: form, submitter: button } = event;
      const wanted = button.getAttribute("aria-pressed") === "true" ? 0 : 1;
      htmx.ajax("POST", button.formAction, { source: form, swap: "none", values: { word: button.value, wanted } });
    });
  }
});
