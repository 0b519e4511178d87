// <typing-words>: who else is writing, in the words of its templates. The stream puts the names into #typing; whoever it
// does not name again is forgotten, as is who has said the line. Not oneself, and not whom the reader has blocked.
const LASTS = 5_000; // milliseconds

customElements.define("typing-words", class extends HTMLElement {
  #timer;

  connectedCallback() {
    const room = this.closest(".room");
    this.log = room.querySelector("chat-log");
    this.names = this.querySelector("#typing");
    new MutationObserver(() => this.#draw()).observe(this.names, { childList: true });
    room.addEventListener("lines-came", ({ detail }) => {
      for (const { dataset } of [...detail.added, ...detail.unseen]) {
        this.names.querySelector(`[data-author="${dataset.author}"]`)?.remove();
      }
    });
  }
  #draw() {
    const hidden = [this.log.dataset.me, ...this.log.dataset.folded.split(" ")].filter(Boolean);
    const others = [...this.names.children].filter((name) => !hidden.includes(name.dataset.author));
    this.querySelector(".typing").hidden = !others.length;
    this.querySelector(".typing span:last-child").textContent = others.length ? this.#words(others) : "";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.names.replaceChildren(), LASTS);
  }
  #words(people) {
    const names = people.map((name) => name.textContent);
    const kind = !names[0] ? "somebody" : names.length === 1 ? "one" : names.length < 4 ? "some" : "many";
    const words = this.querySelector(`template[data-words=${kind}]`).content.textContent;
    return words.replace("%(names)s", names.join(", ")).replace("%(count)s", names.length);
  }
});
