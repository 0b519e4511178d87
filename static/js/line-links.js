// Links of a line that need no other page: a quote leads to its line where that is in the page, a folded line unfolds, and
// a row of code gives its address when it is clicked.
function jump(event, quote) {
  const li = document.getElementById(quote.dataset.line);
  if (!li) return;
  event.preventDefault();
  li.scrollIntoView({ block: "center" });
  li.focus({ preventScroll: true });
}
function unfold(event, li) {
  event.preventDefault();
  li.closest("chat-log")?.keep(false, () => li.classList.add("unfolded"));
  li.focus({ preventScroll: true });
}
function name(row) {
  if (!getSelection().isCollapsed) return;
  const [address, li] = [new URL(location.href), row.closest(".line")];
  address.searchParams.set("at", li.id.replace("line-", ""));
  for (const each of document.querySelectorAll("#lines > [aria-current]")) each.ariaCurrent = null;
  li.ariaCurrent = "true";
  history.replaceState(history.state, "", address);
  location.replace(`#${row.id}`); // which lights it
}
document.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const quote = event.target.closest(".quote[data-line]");
  const row = event.target.closest(".line pre span[id]");
  if (quote) jump(event, quote);
  else if (event.target.closest(".unfold a")) unfold(event, event.target.closest(".line"));
  else if (row) name(row);
});
// What is in the folded part and has the focus is seen.
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(".tall:not(.unfolded) .tx > .words")) target.closest(".line").classList.add("unfolded");
});
