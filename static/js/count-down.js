// <count-down seconds="7">: the sentence in its <span> says so many seconds, and they go by before the eye. A screen reader
// hears the sentence once, and its template's when they are over.
customElements.define("count-down", class extends HTMLElement {
  connectedCallback() {
    const [said, seconds] = [this.querySelector("span"), this.getAttribute("seconds")];
    const [words, until] = [said.textContent, Date.now() + seconds * 1_000];
    const seen = said.cloneNode(true);
    seen.ariaHidden = "true";
    said.className = "vh";
    said.after(seen);
    this.timer = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1_000);
      if (left > 0) return (seen.textContent = words.replace(seconds, left));
      clearInterval(this.timer);
      this.replaceChildren(this.querySelector("template").content.cloneNode(true));
      this.closest(".err")?.classList.add("over");
    }, 250);
  }
  disconnectedCallback() { clearInterval(this.timer); }
});
