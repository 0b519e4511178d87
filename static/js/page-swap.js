// hx-swap="older" and "newer": a page of lines put before or behind those that are there, with its link to yet more.
// hx-swap="window": the whole list anew. What was said here and is still under way stays at the end.
function turn(lines, page, edge) {
  const first = edge === "older" ? lines.querySelector("[data-seq]") : lines.querySelector("#newer");
  for (const li of page.querySelectorAll("[data-seq]")) if (!document.getElementById(li.id)) first.before(li);
  const [was, link] = [lines.querySelector(`#${edge}`), page.querySelector(`#${edge}`)];
  const hadFocus = was.contains(document.activeElement);
  was.replaceWith(...(link ? [link] : []));
  if (hadFocus) (link?.querySelector("a") ?? lines.closest("chat-log")).focus({ preventScroll: true });
  if (edge === "newer") lines.dataset.live = page.dataset.live;
}
function renew(lines, page) {
  page.append(...lines.querySelectorAll(".pending"));
  lines.replaceWith(page);
}
htmx.registerExtension("page-swap", {
  handle_swap(style, lines, fragment) {
    if (!["older", "newer", "window"].includes(style)) return false;
    const page = fragment.querySelector("#lines"); // none in an answer that is no page of lines: nothing is swapped
    const items = [...page.querySelectorAll("[data-seq]")];
    const log = lines.closest("chat-log");
    const voice = log.ariaLive;
    log.ariaLive = "off"; // what was said long ago is not read out as if it were new
    setTimeout(() => (log.ariaLive = voice), 1_000);
    log.keep(false, () => (style === "window" ? renew(lines, page) : turn(lines, page, style)));
    for (const li of items) log.know(li);
    log.dispatchEvent(new CustomEvent("page-came", { bubbles: true })); // the list may be another by now
    return style === "window" ? [page] : [...items, ...lines.querySelectorAll(`#${style}`)];
  },
});
