// <room-gate>: where one writes gives way to the verdict once the room has one, and comes back when it is open again:
// [data-when] is shown by turns. A notice of the log says which (data-gate), with the words in its .ended, for every
// [data-ended] of the page; so does a whole window of lines, read anew. What is typed stays where it is.
customElements.define("room-gate", class extends HTMLElement {
  #seq = 0;

  connectedCallback() {
    const room = this.closest(".room");
    this.log = room.querySelector("chat-log");
    this.list = this.log.lines;
    this.#seq = this.#newest(this.log.querySelectorAll("[data-gate][data-seq]"))?.dataset.seq ?? 0;
    room.addEventListener("lines-came", ({ detail }) => this.#hear([...detail.added, ...detail.unseen]));
    room.addEventListener("page-came", () => {
      if (this.list === this.log.lines) return;
      this.#turn((this.list = this.log.lines));
      this.#say([...this.list.querySelector("template.ended").content.childNodes]);
    });
  }
  #newest(lines) {
    return [...lines].filter((li) => li.dataset.gate).sort((a, b) => a.dataset.seq - b.dataset.seq).at(-1);
  }
  #hear(lines) {
    const li = this.#newest(lines);
    if (!li || Number(li.dataset.seq) < Number(this.#seq)) return;
    this.#seq = li.dataset.seq;
    this.#turn(li);
    this.#say([...(li.querySelector(".ended")?.childNodes ?? [])]);
  }
  #say(words) {
    for (const place of document.querySelectorAll("[data-ended]")) {
      place.replaceChildren(...words.map((each) => each.cloneNode(true)));
      place.closest("[data-verdict]")?.toggleAttribute("hidden", !words.length);
    }
  }
  #turn({ dataset: { gate } }) {
    this.closest(".room").dataset.gate = gate;
    const hadFocus = this.contains(document.activeElement);
    for (const part of this.children) part.hidden = part.dataset.when !== gate;
    const shown = this.querySelector(":scope > :not([hidden])");
    if (hadFocus) (shown.querySelector("textarea") ?? shown).focus({ preventScroll: true });
  }
});
