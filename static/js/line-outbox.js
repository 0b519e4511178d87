// <line-outbox>: sends what is said, one line after the other, each under a client id, which the server takes only
// once. A line stands in the log at once, as a clone of #pending-line, until it comes by the answer or by the stream.
// While the connection is away it waits there, with all behind it, until <send-again> says that it is back. When one is
// not taken, it and all behind it are handed back (`lines-returned`), and <send-trouble> says why.
customElements.define("line-outbox", class extends HTMLElement {
  #queue = []; #isSending = false;
  connectedCallback() {
    this.room = this.closest(".room");
    this.room.addEventListener("lines-came", ({ detail }) => {
      const ids = [...detail.added, ...detail.unseen].map((li) => li.dataset.client);
      for (const item of this.#queue) item.isSaid ||= ids.includes(item.id);
    });
  }
  get #log() { return this.room.querySelector("chat-log"); }
  get unsent() { return this.#queue.map(({ id, text, replyTo }) => ({ id, text, replyTo })); }
  send(items) {
    for (const item of items) this.#show(item);
    this.#queue.push(...items);
    this.#log.toNewest();
    if (!this.#isSending) this.#work();
  }
  async #work() {
    this.#isSending = true;
    while (this.#queue.length) {
      const item = this.#queue[0];
      const ctx = item.isSaid ? null : await this.#post(item);
      if (item.isSaid || ctx?.response?.status === 201) this.#queue.shift();
      else if (!(await this.querySelector("send-again").isBack(ctx))) this.#giveBack(ctx);
    }
    this.querySelector("send-again").rest();
    this.#isSending = false;
  }
  #post({ id, text, replyTo = "" }) {
    const [form, values] = [document.getElementById("composer"), { body: text, client_id: id, reply_to: replyTo }];
    document.getElementById("composer-error").replaceChildren();
    return new Promise((resolve) => {
      form.addEventListener("htmx:finally:request", ({ detail }) => resolve(detail.ctx), { once: true });
      htmx.ajax("POST", form.action, { source: form, swap: "none", values }).finally(() => setTimeout(resolve));
    });
  }
  #show({ id, text }) {
    const li = this.querySelector("#pending-line").content.cloneNode(true).firstElementChild;
    li.dataset.client = id;
    li.querySelector(".tx p").textContent = text;
    li.classList.toggle("cont", Boolean(this.#log.lines.lastElementChild?.matches(".own")));
    this.#log.lines.append(li);
  }
  #giveBack(ctx) {
    const items = this.#queue.splice(0).filter((item) => !item.isSaid);
    this.#log.keep(true, () => this.#log.querySelectorAll(".pending").forEach((li) => li.remove()));
    if (ctx?.response?.status === 409) delete items[0].id; // it went to another room: here it is another line
    this.querySelector("send-trouble").explain(ctx);
    this.dispatchEvent(new CustomEvent("lines-returned", { bubbles: true, detail: { items } }));
  }
});
