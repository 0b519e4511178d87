// <room-status>: tells a screen reader what others have said, summed up and at most every ten seconds. Not who of those
// has spoken whom the reader has blocked.
const GAP = 10_000; // milliseconds

customElements.define("room-status", class extends HTMLElement {
  #count = 0; #last = ""; #timer = null;

  connectedCallback() {
    const folded = this.closest(".room").querySelector("chat-log").dataset.folded.split(" ");
    this.closest(".room").addEventListener("lines-came", ({ detail }) => {
      for (const li of [...detail.added, ...detail.unseen].filter((each) => each.matches(".line:not(.own)"))) {
        if (folded.includes(li.dataset.author)) continue;
        this.#count += 1;
        this.#last = li.querySelector(".by a").textContent;
      }
      if (!this.#timer) this.#tell();
    });
  }
  #tell() {
    this.#timer = null;
    if (!this.#count) return;
    const words = this.querySelector("template").content.textContent;
    this.querySelector("p").textContent = words.replace("%(count)s", this.#count).replace("%(name)s", this.#last);
    this.#count = 0;
    this.#timer = setTimeout(() => this.#tell(), GAP);
  }
});
