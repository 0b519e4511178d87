// "line-in-hand": which line of the log is at hand, for what comes to it (<line-actions>, <line-ticks>): the line touched,
// with the focus, or under the pointer. While somebody walks by keys, a pointer that lies still takes nothing: only the
// lines have moved under it.
let isByKeys = false;

function hand({ target, type }) {
  const li = target.closest("chat-log .line");
  if (type === "focusin") isByKeys = li?.matches(":focus-visible");
  if (isByKeys && type === "pointerover") return;
  li?.dispatchEvent(new CustomEvent("line-in-hand", { bubbles: true, detail: { type } }));
}
for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, hand);
document.addEventListener("pointermove", (event) => {
  if (!isByKeys) return;
  isByKeys = false;
  hand(event);
});
