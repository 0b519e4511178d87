// <passkey-trouble>: says its <template>'s words when the browser hands over no passkey: refused, timed out, or it has
// none. allauth's script tells of it by an event.
customElements.define("passkey-trouble", class extends HTMLElement {
  #tell = (event) => {
    event.preventDefault();
    this.querySelector("p")?.remove();
    this.append(this.querySelector("template").content.cloneNode(true));
  };
  connectedCallback() {
    document.addEventListener("allauth.error", this.#tell);
  }
  disconnectedCallback() {
    document.removeEventListener("allauth.error", this.#tell);
  }
});
