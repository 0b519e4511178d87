// <digest-news>: says that the kept thoughts under the post have changed, when the room's log says so; nothing moves
// until the reader asks for it.
customElements.define("digest-news", class extends HTMLElement {
  connectedCallback() {
    const note = this.querySelector("p");
    document.addEventListener("lines-came", ({ detail }) => {
      if ([...detail.added, ...detail.unseen].some((li) => li.dataset.digest)) note.hidden = false;
    });
    this.addEventListener("htmx:after:request", ({ detail }) => (note.hidden = detail.ctx.response?.status === 200));
  }
});
