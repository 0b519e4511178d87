// <live-stream hx-sse:connect="…" dead-after="50">: makes every connection of a room's stream; `data-state` and the event
// `stream-state` say how it goes: connecting, live, lost, denied. hx-sse alone retries no first one, swaps in whatever
// is answered, comes back for ever after a 204 and sees no dead peer: its own reconnecting is off (htmx-config).
const FINAL = [401, 403, 404, 410];
const LONGEST = 15_000; // milliseconds between two tries

customElements.define("live-stream", class extends HTMLElement {
  #asking = false; #connection = null; #failures = 0; #heard = 0; #patience = 0; #pause = 1_000; #timer;

  constructor() {
    super();
    const on = (name, listener) => this.addEventListener(name, listener);
    on("htmx:config:request", (event) => this.#ask(event));
    on("htmx:before:response", (event) => this.#refuse(event)); // any answer that is no stream
    on("htmx:finally:request", () => ((this.#asking = false), this.#connection || this.#again()));
    on("htmx:sse:before:connection", (event) => document.hidden && event.preventDefault());
    on("htmx:sse:after:connection", ({ detail }) => this.#open(detail.connection));
    on("htmx:sse:before:message", () => (this.#heard = Date.now()));
    on("htmx:sse:after:message", ({ detail }) => (this.#pause = detail.connection.config.reconnectDelay)); // `retry:`
    on("htmx:sse:close", () => ((this.#connection = null), this.#again()));
    on("beat", () => (this.#failures = 0)); // a connection that lasts is a good one
    document.addEventListener("htmx:after:process", () => this.connect(), { once: true });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#drop() : this.connect()));
    window.addEventListener("online", () => this.connect());
    setInterval(() => Date.now() - this.#heard > this.getAttribute("dead-after") * 1_000 && this.#drop(), 2_000);
  }
  connect() {
    if (this.#connection || this.#asking || document.hidden || this.dataset.state === "denied") return;
    if (this.dataset.state !== "lost") this.#say("connecting");
    htmx.trigger(this, "connect");
  }
  #ask(event) {
    if (this.#asking) return event.preventDefault(); // htmx has set this element up twice
    this.#asking = true;
    event.detail.ctx.request.action = this.getAttribute("hx-sse:connect"); // with the cursor of now
  }
  #refuse(event) {
    const { status, redirected, headers, body } = event.detail.ctx.response.raw;
    event.preventDefault(); // an error or a login page is never swapped into the log
    body?.cancel();
    if (redirected || FINAL.includes(status)) this.#say("denied");
    this.#patience = headers.get("Retry-After") * 1_000 || 0;
  }
  #open(connection) {
    [this.#connection, this.#heard, this.#patience] = [connection, Date.now(), 0];
    this.#say("live");
  }
  #drop() { this.#connection?.reader?.cancel(); } // which closes it, as if it had ended
  #again() {
    if (this.dataset.state === "denied") return;
    this.#say(document.hidden ? "connecting" : "lost");
    const wait = Math.min(this.#pause * 1.6 ** this.#failures++, LONGEST) * (0.7 + Math.random() * 0.6);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.connect(), Math.max(wait, this.#patience));
  }
  #say(state) {
    this.dataset.state = state;
    this.dispatchEvent(new CustomEvent("stream-state", { bubbles: true, detail: { state } }));
  }
});
