// Menus are <details>, and work as such. Scripts close them when the reader goes elsewhere, and on Escape, which gives
// the focus back.
const open = () => document.querySelectorAll("details.menu[open]");

for (const type of ["click", "focusin"]) {
  document.addEventListener(type, ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false;
  });
}
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
