// <reply-bar>: over the box, the line that what is written answers, until it is sent, taken off, or Escape is pressed. The
// bar follows that line: when it is edited or deleted, so are its words here. What is written may come back, or have
// waited for a reload: then so does the line it answers, which may be in the page no longer.
const SPOKEN = ".tx > :not(.quote, .reacts, .unfold, .dim, .kept)";
const wordsOf = (li) => [...li.querySelectorAll(SPOKEN)].map((each) => each.textContent.trim());
const targetOf = (li) => ({
  id: li.id.replace("line-", ""),
  name: li.querySelector(".by a").textContent,
  hue: [...li.classList].find((each) => /^h\d$/.test(each)),
  words: wordsOf(li).join(" ").slice(0, 120),
});

customElements.define("reply-bar", class extends HTMLElement {
  target = null; // what was answered last, also once that was sent

  connectedCallback() {
    [this.bar, this.input] = [this.querySelector(".to"), this.querySelector("input")];
    this.box = this.closest("form").querySelector("textarea");
    this.querySelector("button").addEventListener("click", () => (this.take(), this.box.focus()));
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing || this.bar.hidden) return;
      event.stopPropagation();
      this.take();
    });
    const room = this.closest(".room");
    room?.addEventListener("lines-came", ({ detail }) => {
      for (const li of detail.changed) if (li.id === `line-${this.answered}`) this.#show(targetOf(li));
    });
    room?.addEventListener("lines-returned", ({ detail }) => {
      if (!this.answered) this.resume(detail.items.findLast(({ replyTo }) => replyTo)?.replyTo);
    });
  }
  get answered() { return this.input.value; } // an id
  answer(li) {
    this.#show(targetOf(li));
    this.box.focus();
  }
  resume(id) { // the line of this id again; without one, none
    const li = id && document.getElementById(`line-${id}`);
    if (li) this.#show(targetOf(li));
    else if (id && this.target?.id === id) this.#show(this.target);
    else this.take();
  }
  take() { // its id; from now on it is answered no longer
    const { value } = this.input;
    this.input.value = "";
    this.bar.hidden = true;
    this.#tell();
    return value;
  }
  #show({ id, name, hue, words }) {
    this.target = { id, name, hue, words };
    this.input.value = id;
    const [whose, said] = [this.bar.querySelector("b"), this.bar.querySelector(".cut")];
    [whose.className, whose.textContent, said.textContent] = [`who ${hue}`, name, words];
    this.bar.hidden = false;
    this.#tell();
  }
  #tell() { this.dispatchEvent(new CustomEvent("answer-turned", { bubbles: true })); }
});
