// hx-swap="line": how a line comes into the log, from the stream or an answer. By data-seq from the end: a long log costs
// no more than a short one. A line that is there gives way to a later version only; what lies outside of what the page
// shows is dropped, or counted when it is new; a failing line never costs another.
const seqOf = (li) => Number(li?.dataset.seq ?? NaN); // NaN, of what is no line, is neither before nor after anything
function lastBefore(lines, seq) {
  let li = lines.lastElementChild;
  while (li && !(seqOf(li) < seq)) li = li.previousElementSibling; // past what is pending and the link to later lines
  return li;
}
function place(lines, li, came, follows) {
  const there = document.getElementById(li.id);
  if (there && Number(there.dataset.version) >= Number(li.dataset.version)) return;
  if (there) return replace(there, li, came);
  if (lines.querySelector("#older") && seqOf(li) < seqOf(lines.querySelector("[data-seq]"))) return;
  const last = lastBefore(lines, Infinity);
  const isNew = !(seqOf(li) < seqOf(last));
  if (isNew && last && !follows) document.querySelector("log-trim").end(lines, last);
  if (isNew && lines.dataset.live === "no") return came.unseen.push(li);
  came.added.push(li);
  const before = lastBefore(lines, seqOf(li));
  if (before) before.after(li);
  else lines.prepend(li);
}
// What the reader has opened in it stays open, and the focus where it was, if that is still there.
function replace(there, li, came) {
  const had = there.contains(document.activeElement) ? document.activeElement : null;
  li.classList.toggle("unfolded", there.matches(".unfolded"));
  li.ariaCurrent = there.ariaCurrent;
  if (!li.matches(".gone")) li.append(...there.querySelectorAll(":scope > [data-stays]"));
  there.replaceWith(li);
  came.changed.push(li);
  const same = had?.isConnected ? had : had?.value && li.querySelector(`.reacts [value="${CSS.escape(had.value)}"]`);
  if (had) (same || li).focus({ preventScroll: true });
}
htmx.registerExtension("line-swap", {
  handle_swap(style, lines, fragment) {
    if (style !== "line") return false;
    const came = { added: [], changed: [], unseen: [] };
    const items = [...fragment.querySelectorAll("[data-seq]")];
    const log = lines.closest("chat-log");
    log.keep(true, (follows) => {
      for (const li of items) {
        try {
          log.know(li);
          place(lines, li, came, follows);
        } catch (error) {
          console.error(error);
        }
      }
      if (follows && !log.isBusy) document.querySelector("log-trim").trim(lines);
    });
    lines.dispatchEvent(new CustomEvent("lines-came", { bubbles: true, detail: came }));
    return [...items.filter((li) => li.isConnected), ...lines.querySelectorAll("#older, #newer")];
  },
});
