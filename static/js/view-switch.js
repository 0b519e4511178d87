// <view-switch>: the address says which of post, room or both is shown, so that a reload or a link shows the same. A
// link to a line opens where the room is seen.
customElements.define("view-switch", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", ({ target }) => {
      const address = new URL(location.href);
      address.searchParams.set("view", target.value);
      history.replaceState(history.state, "", address);
    });
    // A key asks for something that this view does not show: side by side shows it, and on a phone its own half.
    document.addEventListener("wanted", ({ target }) => {
      if (target.checkVisibility() || !target.closest(".room, .read")) return;
      const [post, both, room] = this.querySelectorAll("[name=view]");
      const half = target.closest(".room") ? room : post;
      (both.closest("label").checkVisibility() ? both : half).click();
    });
    const isLine = location.hash.startsWith("#line-") || new URLSearchParams(location.search).has("at");
    if (isLine && !document.querySelector("#room")?.checkVisibility()) this.querySelector("#v-room").checked = true;
  }
});
