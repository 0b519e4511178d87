// <log-marks data-unread="…">: between the lines of the log, the days of the reader's zone, and how far they had read
// (before the line of that seq). Drawn within every change of the log, since lines come from both sides. It also opens
// the log at the line that was asked for, else where to read on.
const { lang } = document.documentElement;
const KEY = new Intl.DateTimeFormat("sv"); // 2026-11-26
const known = new WeakMap();

function dayOf(li) {
  const at = new Date(li.querySelector("time")?.dateTime);
  if (!known.has(li)) known.set(li, Number.isNaN(at.getTime()) ? "" : KEY.format(at));
  return known.get(li);
}
function words(day) {
  const year = day.slice(0, 4) === KEY.format(new Date()).slice(0, 4) ? {} : { year: "numeric" };
  const at = new Date(`${day}T12:00`);
  return new Intl.DateTimeFormat(lang, { weekday: "long", month: "long", day: "numeric", ...year }).format(at);
}
customElements.define("log-marks", class extends HTMLElement {
  connectedCallback() {
    this.log = this.closest(".room").querySelector("chat-log");
    this.log.addEventListener("log-changed", () => this.draw());
    requestAnimationFrame(() => (this.draw(), this.#open()));
  }
  get since() { return this.log.querySelector(".since"); }
  draw() {
    let [before, mark] = ["", null];
    for (const item of [...this.log.lines.children, null]) {
      if (item && !item.matches(".day, [data-seq]")) continue;
      const day = item?.dataset.seq ? dayOf(item) || before : before;
      if (mark && (!item?.dataset.seq || day === before || day !== mark.dataset.day)) mark = void mark.remove();
      if (!item?.dataset.seq) mark = item;
      else if (day !== before && !mark) item.before(this.#day(day));
      if (item?.dataset.seq) [before, mark] = [day, null];
    }
    this.#drawSince();
  }
  #drawSince() {
    const first = this.log.querySelector(`[data-seq="${this.dataset.unread}"]`);
    if (!first) return this.since?.remove();
    const since = this.since ?? this.#clone("since");
    if (first.previousElementSibling !== since) first.before(since);
  }
  #day(day) {
    const li = this.#clone("day");
    li.dataset.day = li.firstElementChild.dateTime = day;
    li.firstElementChild.textContent = words(day);
    return li;
  }
  #clone(name) { return this.querySelector(`[data-mark=${name}]`).content.firstElementChild.cloneNode(true); }
  #open() {
    const at = new URLSearchParams(location.search).get("at");
    const line = (at && document.getElementById(`line-${at}`)) || this.log.querySelector(":target");
    if (line) this.log.show(line, 1 / 2);
    if (line?.ariaCurrent && document.activeElement === document.body) line.focus({ preventScroll: true });
    if (!line && at !== "newest" && this.since) this.log.show(this.since, 1 / 3);
  }
});
