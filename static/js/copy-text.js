// <copy-text>: copies for others, and says that it has, in #told and on itself for a moment.
customElements.define("copy-text", class extends HTMLElement {
  async copy(text) {
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else this.#byHand(text);
    const words = this.querySelector("template").content.textContent;
    const said = this.querySelector("p");
    said.textContent = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (said.textContent = ""), 3_000);
  }
  #byHand(text) { // plain http
    const box = this.querySelector("textarea");
    box.hidden = false;
    box.value = text;
    box.select();
    document.execCommand("copy");
    box.hidden = true;
  }
});
