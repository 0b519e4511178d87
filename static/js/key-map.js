// The keyboard map: `data-key` names the key of a link, a button or a box, wherever it stands. Two keys one after the
// other are written with a space ("g h"). Of several radios with one key it chooses the next. What stands in an item
// of a list (`data-walk`, see list-walk.js) has its key only while the focus is in that item, so that every line can
// have its own "r". Letters count by their place where the layout is Korean. Never in a field, with Ctrl, Alt or ⌘, or
// where single keys are switched off (<html data-keys="off">): then only Escape goes on.
const WAIT = 1_500; // milliseconds in which the second of two keys comes
const FIELD = `textarea, select, [contenteditable], dialog[open],
  input:not([type=radio], [type=checkbox], [type=button], [type=submit])`;
const OPEN = "details.menu[open], dialog[open], :popover-open"; // what Escape closes by itself
let typed = "", until = 0;

const itemOf = (node) => node?.closest("[data-walk] > *");
function controlsOf(keys) {
  const item = itemOf(document.activeElement);
  const all = [...document.querySelectorAll("[data-key]")].filter((each) => each.dataset.key === keys && !each.disabled);
  const own = all.filter((each) => item?.contains(each));
  return own.length ? own : all.filter((each) => !itemOf(each));
}
function nameOf({ key, code, shiftKey }) {
  if (/^[!-~]$/.test(key)) return shiftKey ? key : key.toLowerCase();
  return /^Key[A-Z]$/.test(code) && !shiftKey ? code.at(-1).toLowerCase() : key; // ㅓ is j, and so is "Process"
}
// A box takes the focus, all else is pressed. Who shows only one half of a post hears of what is wanted in the other.
function act(controls) {
  const choices = controls.filter((each) => each.type === "radio" && each.closest("label").checkVisibility());
  if (choices.length) return choices[(choices.findIndex((each) => each.checked) + 1) % choices.length].click();
  const control = controls.find((each) => each.checkVisibility()) ?? controls[0];
  if (control.matches("a, button, summary, label")) return control.click();
  control.dispatchEvent(new CustomEvent("wanted", { bubbles: true }));
  control.focus({ preventScroll: true });
}
function press(event, keys) {
  const controls = controlsOf(keys);
  if (!controls.length) return false;
  event.preventDefault();
  if (!event.repeat) act(controls);
  return true;
}
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const name = nameOf(event);
  if (name === "Escape") return document.querySelector(OPEN) || press(event, name);
  if (document.documentElement.dataset.keys === "off" || event.target.closest(FIELD)) return;
  const second = Date.now() < until && press(event, `${typed} ${name}`);
  [typed, until] = [name, second ? 0 : Date.now() + WAIT];
  if (!second) press(event, name);
});
