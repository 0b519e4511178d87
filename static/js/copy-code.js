// <copy-code>: the button in a code block's caption, a clone of #copy-button put into every block, also into those that
// come later. It says that it has copied, on itself and to a screen reader.
customElements.define("copy-code", class extends HTMLElement {
  connectedCallback() {
    const [words, status] = this.querySelectorAll("button span, [role=status]");
    const plain = words.textContent;
    const done = document.querySelector("#copy-done").content.textContent;
    this.addEventListener("click", async () => {
      await this.#copy(this.closest("figure").querySelector("pre"));
      words.textContent = status.textContent = done;
      setTimeout(() => ((words.textContent = plain), (status.textContent = "")), 2_000);
    });
  }
  async #copy(code) {
    if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent);
    getSelection().selectAllChildren(code); // plain http: at least it is selected
    document.execCommand("copy");
  }
});

function equip(root) {
  const template = document.querySelector("#copy-button");
  if (!template) return;
  for (const caption of root.querySelectorAll("figure.code figcaption:not(:has(copy-code))")) {
    caption.append(template.content.cloneNode(true));
  }
}
document.addEventListener("htmx:after:process", ({ target }) => equip(target));
