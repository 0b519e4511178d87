// A list with `data-walk`, the selector of its stops: j and k move the focus from one to the next, and in a room's log
// the arrows do too. The first key goes to what is seen of the first such list; `data-walk-from="end"`: to its last.
const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };
const FIELD = "input, textarea, select, [contenteditable], dialog[open]";

const itemOf = (list, node) => [...list.children].find((each) => each.contains(node));
function listOf(node) {
  return node.closest("[data-walk]") ?? [...document.querySelectorAll("[data-walk]")].find((each) => each.checkVisibility());
}
function isSeen(stop, list) {
  const [all, one] = [list.parentElement.getBoundingClientRect(), stop.getBoundingClientRect()];
  return one.bottom > Math.max(all.top, 0) && one.top < Math.min(all.bottom, innerHeight);
}
function next(list, step) {
  const stops = [...list.querySelectorAll(list.dataset.walk)].filter((each) => each.checkVisibility());
  const item = itemOf(list, document.activeElement);
  const at = item ? stops.findIndex((each) => item.contains(each)) : -1;
  if (at >= 0) return stops[at + step];
  return stops.filter((each) => isSeen(each, list)).at(list.dataset.walkFrom === "end" ? -1 : 0);
}
document.addEventListener("keydown", (event) => {
  const { target, key, code, ctrlKey, altKey, metaKey, shiftKey } = event;
  if (event.defaultPrevented || ctrlKey || altKey || metaKey || shiftKey || target.closest(FIELD)) return;
  if (document.documentElement.dataset.keys === "off" && !key.startsWith("Arrow")) return;
  const name = key in STEPS ? key : /^Key[A-Z]$/.test(code) && !/^[!-~]$/.test(key) ? code.at(-1).toLowerCase() : key;
  const isArrow = name.startsWith("Arrow");
  if (!(name.toLowerCase() in STEPS || isArrow) || (isArrow && !target.closest("[data-walk-from] > *"))) return;
  const list = listOf(target);
  const stop = list && next(list, STEPS[isArrow ? name : name.toLowerCase()]);
  if (!stop) return;
  event.preventDefault();
  stop.focus();
});
