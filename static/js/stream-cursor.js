// What the messages of <live-stream> mean for its address and for the log. The last id is kept in the address once its
// lines are in the page: whoever connects again asks for what is missing. A message waits while a page of lines is
// under way, else that page, read before it, would swap its lines away. After `reset` the log is read anew before
// anything else.
document.addEventListener("htmx:sse:before:message", ({ detail }) => {
  const log = document.querySelector("chat-log");
  if (detail.connection.isVoid) return (detail.cancelled = true);
  if (detail.message.event !== "reset") return detail.waitUntil(log?.busy);
  const reload = async () => {
    if (await log.load()) return;
    // The old cursor stays, and the next connection will be told again: not even what came in the same packet may count.
    detail.cancelled = detail.connection.isVoid = true;
    detail.connection.reader?.cancel();
  };
  detail.waitUntil(reload());
});

document.addEventListener("htmx:sse:after:message", ({ target, detail: { message } }) => {
  if (!message.id) return;
  const address = new URL(target.getAttribute("hx-sse:connect"), location.href);
  address.searchParams.set("lastEventId", message.id);
  target.setAttribute("hx-sse:connect", address.pathname + address.search);
});
