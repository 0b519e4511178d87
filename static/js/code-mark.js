// <code-mark>: its button, or Ctrl or ⌘ + E in the box of its form, makes code of what is selected: between backticks, or
// fenced where it is several lines. As if typed, so that it can be undone.
customElements.define("code-mark", class extends HTMLElement {
  connectedCallback() {
    const box = this.closest("form").querySelector("textarea");
    this.addEventListener("click", () => mark(box));
    box.addEventListener("keydown", (event) => {
      if (event.code !== "KeyE" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      if (!event.isComposing) mark(box);
    });
  }
});
function mark(box) {
  const { selectionStart: start, value } = box;
  const text = value.slice(start, box.selectionEnd);
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const isBlock = text.includes("\n");
  const fence = "`".repeat(isBlock ? Math.max(3, longest + 1) : longest + 1);
  const before = isBlock ? `${start && value[start - 1] !== "\n" ? "\n" : ""}${fence}\n` : fence;
  box.focus();
  document.execCommand("insertText", false, before + text + (isBlock ? `\n${fence}` : fence));
  box.setSelectionRange(start + before.length, start + before.length + text.length);
}
