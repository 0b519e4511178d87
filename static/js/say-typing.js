// <say-typing src="…">: lets the room know that something is being written in the box, or no longer; hardly more often
// than others are told of it, and only while they can be. What was sent tells of itself.
const GAP = 3_000; // milliseconds

customElements.define("say-typing", class extends HTMLElement {
  #said = -GAP; #isTyping = false;

  connectedCallback() {
    const room = this.closest(".room");
    room.querySelector("#id_body").addEventListener("input", ({ target, isTrusted }) => {
      const isTyping = target.value.trim() !== "";
      if (!isTrusted) return (this.#isTyping = isTyping && this.#isTyping);
      if (room.querySelector("live-stream").dataset.state !== "live") return;
      if (isTyping ? performance.now() - this.#said > GAP || !this.#isTyping : this.#isTyping) this.#say(isTyping);
    });
  }
  #say(isTyping) {
    [this.#isTyping, this.#said] = [isTyping, performance.now()];
    htmx.ajax("POST", this.getAttribute("src"), { source: this, swap: "none", values: { typing: Number(isTyping) } });
  }
});
