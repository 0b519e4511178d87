// <send-trouble>: why a line was not taken, in #composer-error: the server's own sentence where there is one, else
// that of its template.
customElements.define("send-trouble", class extends HTMLElement {
  explain(ctx) {
    const [target, text] = [document.getElementById("composer-error"), ctx?.text?.trim() ?? ""];
    if (text.startsWith('<p class="err"')) return htmx.swap({ text, target, swap: "innerHTML", sourceElement: target });
    target.replaceChildren(this.querySelector("template").content.cloneNode(true));
    const { status, headers } = ctx?.response ?? {};
    const isOurs = status < 500 || headers?.has("Retry-After"); // a proxy's own words help nobody
    if (isOurs && headers.get("Content-Type")?.startsWith("text/plain")) target.querySelector("span").textContent = text;
  }
});
