// Some input methods pass the Enter that has ended a syllable on, as a second keydown of one press: in an <enter-sends> the
// first has done already what Enter does, and the second must not do it again. Before anybody else hears of it.
let hasEnded = false;
document.addEventListener("keydown", (event) => {
  const isEnter = event.key === "Enter" || ["Enter", "NumpadEnter"].includes(event.code);
  const isComposing = event.isComposing || event.keyCode === 229;
  if (hasEnded && isEnter && !isComposing && event.target.closest("enter-sends")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  hasEnded = isEnter && isComposing;
}, { capture: true });
for (const type of ["keyup", "blur"]) window.addEventListener(type, () => (hasEnded = false), { capture: true });
