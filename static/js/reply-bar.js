// <reply-bar>: over the box, the line that what is written answers, until it is sent, taken off, or Escape is pressed. The
// bar follows that line: when it is edited or deleted, so are its words here.
const SPOKEN = ".tx > :not(.quote, .reacts, .unfold, .dim, .kept)";
const wordsOf = (li) => [...li.querySelectorAll(SPOKEN)].map((each) => each.textContent.trim());

customElements.define("reply-bar", class extends HTMLElement {
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
      for (const li of detail.changed) if (li.id === `line-${this.input.value}`) this.#show(li);
    });
    room?.addEventListener("lines-returned", ({ detail }) => {
      const li = document.getElementById(`line-${detail.items.findLast(({ replyTo }) => replyTo)?.replyTo}`);
      if (li && !this.input.value) this.#show(li);
    });
  }
  answer(li) {
    this.#show(li);
    this.box.focus();
  }
  // The id of the line that is answered, which is so no longer.
  take() {
    const { value } = this.input;
    this.input.value = "";
    this.bar.hidden = true;
    return value;
  }
  #show(li) {
    this.input.value = li.id.replace("line-", "");
    const [name, words] = [this.bar.querySelector("b"), this.bar.querySelector(".cut")];
    name.className = `who ${[...li.classList].find((each) => /^h\d$/.test(each))}`;
    name.textContent = li.querySelector(".by a").textContent;
    words.textContent = wordsOf(li).join(" ").slice(0, 120);
    this.bar.hidden = false;
  }
});
