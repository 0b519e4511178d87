// <room-status>: tells a screen reader what others have said, as #aloud's data-aloud says: summed up and at most every
// ten seconds ("summary"), or every line, which the log then says itself ("all"), or nothing ("off"). A line that calls
// me is said at once, with its words. Not who of those has spoken whom the reader has blocked.
const GAP = 10_000; // milliseconds

customElements.define("room-status", class extends HTMLElement {
  #count = 0; #last = ""; #timer = null;

  connectedCallback() {
    const room = this.closest(".room");
    this.log = room.querySelector("chat-log");
    const folded = this.log.dataset.folded.split(" ");
    room.addEventListener("lines-came", ({ detail }) => {
      const said = [...detail.added, ...detail.unseen].filter((li) => li.matches(".line:not(.own)"));
      this.#hear(said.filter((li) => !folded.includes(li.dataset.author)));
    });
    room.addEventListener("htmx:after:swap", () => (this.log.ariaLive = this.#mode === "all" ? "polite" : "off"));
  }
  get #mode() { return this.closest(".room").querySelector("[data-aloud]")?.dataset.aloud ?? "summary"; }
  #hear(lines) {
    if (this.#mode !== "summary" || !lines.length) return;
    const call = lines.findLast((li) => li.matches(".call"));
    if (call) return this.#say("call", { name: nameOf(call), text: call.querySelector(".tx").innerText });
    this.#count += lines.length;
    this.#last = nameOf(lines.at(-1));
    if (!this.#timer) this.#tell();
  }
  #tell() {
    this.#timer = null;
    if (!this.#count) return;
    this.#say("summary", { count: this.#count, name: this.#last });
    this.#count = 0;
    this.#timer = setTimeout(() => this.#tell(), GAP);
  }
  #say(name, values) {
    const words = this.querySelector(`template[data-words=${name}]`).content.textContent;
    this.querySelector("p").textContent = words.replace(/%\((\w+)\)s/g, (_, key) => values[key]);
  }
});
const nameOf = (li) => li.querySelector(".by a").textContent;
