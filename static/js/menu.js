// Menus are <details>, and work as such. Scripts close them when the reader goes elsewhere, and on Escape, which gives
// the focus back. One of a line that opens gets the focus, as does a box to search in; the arrows walk it, and in one of
// words their numbers choose.
const open = () => document.querySelectorAll("details.menu[open]");
const items = (menu) => [...menu.querySelectorAll(".pop :is(a, button)")].filter((each) => each.checkVisibility());
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

for (const type of ["click", "focusin"]) {
  document.addEventListener(type, ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  });
}
function walk(event, menu) {
  const all = items(menu);
  const chosen = menu.querySelector(".words") && all[Number(event.key) - 1]; // the focus may still be on its way in
  if (!chosen && !STEPS[event.key]) return;
  event.preventDefault();
  event.stopPropagation(); // these are no keys of the page
  if (chosen) return chosen.click();
  all.at((all.indexOf(document.activeElement) + STEPS[event.key]) % all.length)?.focus();
}
document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".acts .menu[open]")) items(target)[0]?.focus();
  else if (target.matches?.(".menu[open]")) target.querySelector("input[type=search]")?.focus();
}, { capture: true }); // it does not bubble
document.addEventListener("keydown", (event) => {
  const inside = event.target.closest?.("details.menu[open]");
  if (inside && !event.target.matches("input, textarea, select")) walk(event, inside);
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
