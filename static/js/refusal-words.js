// <refusal-words>: why something asked within was not done, in the server's own sentence, in its <p role="alert">.
customElements.define("refusal-words", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
      const { status, headers } = ctx.response ?? {};
      const isSentence = status >= 400 && headers.get("Content-Type")?.startsWith("text/plain");
      this.querySelector("[role=alert]").textContent = isSentence ? ctx.text : "";
    });
  }
});
