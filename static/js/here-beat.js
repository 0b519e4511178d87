// <here-beat src="…" every="30">: says that somebody has this room before them, as often, while its stream is held at the
// edge (the event `held`): there the site sees no connection.
customElements.define("here-beat", class extends HTMLElement {
  #name = Math.random().toString(36).slice(2, 12).padEnd(10, "0"); #isHeld = false;

  connectedCallback() {
    const room = this.closest(".room");
    room.addEventListener("held", () => ((this.#isHeld = true), this.#say()));
    room.addEventListener("stream-state", ({ detail }) => (this.#isHeld &&= detail.state === "live"));
    setInterval(() => this.#isHeld && this.#say(), this.getAttribute("every") * 1_000);
  }
  #say() {
    htmx.ajax("POST", this.getAttribute("src"), { source: this, swap: "none", values: { guest: this.#name } });
  }
});
