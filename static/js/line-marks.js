// <line-marks>: what of a line is about its reader, by the log's data-me: a line that calls or answers them is `call`, and
// their own words under it are pressed. It watches the log, since lines come there from many sides.
customElements.define("line-marks", class extends HTMLElement {
  connectedCallback() {
    const log = this.parentElement.querySelector("chat-log");
    const { me } = log.dataset;
    if (!me) return;
    const calls = `:scope :is(.at[data-person="${me}"], .quote[data-whose="${me}"])`;
    const mark = (li) => {
      li.classList.toggle("call", !li.matches(".own, .gone") && Boolean(li.querySelector(calls)));
      for (const button of li.querySelectorAll(".reacts button")) {
        button.setAttribute("aria-pressed", button.dataset.by.split(" ").includes(me));
      }
      for (const link of li.querySelectorAll(`.at[data-person="${me}"]`)) link.classList.add("me");
    };
    const all = (node) => (node.matches?.(".line") ? [node] : (node.querySelectorAll?.(".line") ?? []));
    // Before anybody further out in the page hears of them, and says a call at once.
    log.addEventListener("lines-came", ({ detail }) => [...detail.added, ...detail.unseen].forEach(mark));
    new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) all(node).forEach(mark);
    }).observe(log, { childList: true, subtree: true });
    all(log).forEach(mark);
  }
});
