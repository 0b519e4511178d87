// hx-swap="line": how a line comes into the log, from the stream and from the answer to a send. By data-seq from the
// end, so that a long log costs no more than a short one. A line that is there gives way to a later version only; what
// lies outside of what the page shows is dropped, or counted when it is new; a failing line never costs another.
const MOST = 300; // lines in a page

const seqOf = (li) => Number(li?.dataset.seq ?? NaN); // NaN, of what is no line, is neither before nor after anything
function lastBefore(lines, seq) {
  let li = lines.lastElementChild;
  while (li && !(seqOf(li) < seq)) li = li.previousElementSibling; // past what is pending and the link to later lines
  return li;
}
function place(lines, li, came) {
  const there = document.getElementById(li.id);
  if (there && Number(there.dataset.version) >= Number(li.dataset.version)) return;
  if (there) return replace(there, li);
  if (lines.querySelector("#older") && seqOf(li) < seqOf(lines.querySelector("[data-seq]"))) return;
  const isNew = !(seqOf(li) < seqOf(lastBefore(lines, Infinity)));
  if (isNew && lines.dataset.live === "no") return came.unseen.push(li);
  came.added.push(li);
  const before = lastBefore(lines, seqOf(li));
  if (before) before.after(li);
  else lines.prepend(li);
}
function replace(there, li) {
  const hadFocus = there.contains(document.activeElement);
  there.replaceWith(li);
  if (hadFocus) li.focus({ preventScroll: true });
}
// The oldest go, and the link to older lines leads on from where the page now begins.
function trim(lines) {
  while (lines.childElementCount > MOST) lines.querySelector("[data-seq]").remove();
  if (!lines.querySelector("#older")) lines.prepend(document.querySelector("#older-link").content.cloneNode(true));
  const link = lines.querySelector("#older a");
  const address = new URL(link.href);
  address.searchParams.set("before", lines.querySelector("[data-seq]").id.replace("line-", ""));
  for (const name of ["href", "hx-get"]) link.setAttribute(name, address.pathname + address.search);
}
htmx.registerExtension("line-swap", {
  handle_swap(style, lines, fragment) {
    if (style !== "line") return false;
    const came = { added: [], unseen: [] };
    const items = [...fragment.querySelectorAll("[data-seq]")];
    const log = lines.closest("chat-log");
    log.keep(true, (follows) => {
      for (const li of items) {
        try {
          log.know(li);
          place(lines, li, came);
        } catch (error) {
          console.error(error);
        }
      }
      if (follows && !log.isBusy && lines.childElementCount > MOST) trim(lines);
    });
    lines.dispatchEvent(new CustomEvent("lines-came", { bubbles: true, detail: came }));
    return [...items.filter((li) => li.isConnected), ...lines.querySelectorAll("#older")];
  },
});
