// <stream-words>: how the stream goes, in the words of its templates (`data-state`).
customElements.define("stream-words", class extends HTMLElement {
  connectedCallback() {
    this.closest(".room").addEventListener("stream-state", ({ detail }) => {
      const words = this.querySelector(`template[data-state=${detail.state}]`).content.textContent;
      const place = this.querySelector("p");
      if (place.textContent !== words) place.textContent = words;
    });
  }
});
