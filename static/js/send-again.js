// <send-again>: tells whether a line that got no answer is worth another try, and when. It is while the connection is
// away; the log is `waiting` then.
const AGAIN = 10_000; // milliseconds until it is tried though nothing says that the connection is back
const GRACE = 500; // milliseconds in which the stream, cut by the same trouble, notices it too

customElements.define("send-again", class extends HTMLElement {
  connectedCallback() {
    this.room = this.closest(".room");
  }
  get #log() { return this.room.querySelector("chat-log"); }
  get #isAway() {
    const isLost = this.room.querySelector("live-stream").dataset.state === "lost";
    return isLost || !navigator.onLine || this.#log.matches(".waiting");
  }
  // True once the connection is back, or may be; false when that is not what is wrong.
  async isBack(ctx) {
    if (isAnswer(ctx)) return false;
    if (!this.#isAway) await new Promise((resolve) => setTimeout(resolve, GRACE));
    if (!this.#isAway) return false;
    this.#log.classList.add("waiting");
    await this.#turn();
    return true;
  }
  rest() { this.#log.classList.remove("waiting"); }
  #turn() {
    const over = new AbortController();
    const { promise, resolve } = Promise.withResolvers();
    const hear = ({ detail }) => ["live", "denied"].includes(detail.state) && resolve();
    this.room.addEventListener("stream-state", hear, over);
    window.addEventListener("online", resolve, over);
    setTimeout(resolve, AGAIN);
    return promise.finally(() => over.abort());
  }
});
// Not when nobody answered, or a proxy did for want of the site.
function isAnswer(ctx) {
  const { status, headers } = ctx?.response ?? {};
  return status && (![502, 503, 504].includes(status) || headers.has("Retry-After"));
}
