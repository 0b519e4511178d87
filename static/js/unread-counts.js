// <unread-counts>: writes what the stream tells of unread lines (`rooms=2&7=3&9=0`: in two rooms; three in room 7, none
// in 9) where the page shows them: data-unread-in="7" of a room, data-unread-in="rooms" of all of them.
const MOST = 99;

customElements.define("unread-counts", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("unread", ({ detail: { data } }) => {
      for (const [where, count] of new URLSearchParams(data)) this.#write(where, Number(count));
    });
  }
  #write(where, count) {
    for (const place of document.querySelectorAll(`[data-unread-in="${CSS.escape(where)}"]`)) {
      place.hidden = !count;
      place.querySelector("b").textContent = count > MOST ? `${MOST}+` : count;
    }
  }
});
