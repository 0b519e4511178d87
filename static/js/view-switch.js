// <view-switch>: the address says which of post, room or both is shown, so that a reload or a link shows the same. A
// link to a line opens where the room is seen.
customElements.define("view-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => {
      const address = new URL(location.href);
      address.searchParams.set("view", target.value);
      history.replaceState(history.state, "", address);
    });
    const isLine = location.hash.startsWith("#line-") || new URLSearchParams(location.search).has("at");
    if (isLine && !document.querySelector("#room")?.checkVisibility()) this.querySelector("#v-room").checked = true;
  }
});
