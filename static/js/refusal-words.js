// <refusal-words>: why something asked within was not done, in the server's own sentence, in its <p role="alert">;
// where it was too much at once, the seconds go by (<count-down>).
customElements.define("refusal-words", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
      const { status, headers } = ctx.response ?? {};
      const isSentence = status >= 400 && headers.get("Content-Type")?.startsWith("text/plain");
      const place = this.querySelector("[role=alert]");
      place.textContent = isSentence ? ctx.text : "";
      place.classList.remove("over");
      if (status === 429 && isSentence) place.replaceChildren(this.#counted(ctx.text, headers.get("Retry-After")));
    });
  }
  #counted(text, seconds) {
    const words = document.querySelector("#wait").content.cloneNode(true).firstElementChild;
    words.querySelector("span").textContent = text;
    words.setAttribute("seconds", seconds);
    return words;
  }
});
