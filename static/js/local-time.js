// <local-time form="clock|ago"> around a <time datetime> in UTC: the clock of the reader's own zone with the whole date
// as its title, or how long ago it was, in the page's language. Rewritten only when it differs from what is there.
const { lang } = document.documentElement;
const CLOCK = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const WHOLE = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "short" });
const AGO = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
const SECONDS = { year: 31_557_600, month: 2_629_800, week: 604_800, day: 86_400, hour: 3_600, minute: 60 };

function ago(date) {
  const seconds = (Date.now() - date) / 1_000;
  const unit = Object.keys(SECONDS).find((name) => seconds >= SECONDS[name]);
  return unit ? AGO.format(-Math.floor(seconds / SECONDS[unit]), unit) : AGO.format(0, "second");
}

class LocalTime extends HTMLElement {
  static #relative = new Set();
  static {
    setInterval(() => document.hidden || LocalTime.#relative.forEach((each) => each.#draw()), 60_000);
  }
  connectedCallback() {
    if (this.getAttribute("form") === "ago") LocalTime.#relative.add(this);
    this.#draw();
  }
  disconnectedCallback() {
    LocalTime.#relative.delete(this);
  }
  #draw() {
    const time = this.querySelector("time");
    const date = new Date(time?.dateTime);
    if (Number.isNaN(date.getTime())) return;
    const words = this.getAttribute("form") === "ago" ? ago(date) : CLOCK.format(date);
    if (time.textContent !== words) time.textContent = words;
    time.title = WHOLE.format(date);
  }
}
customElements.define("local-time", LocalTime);
