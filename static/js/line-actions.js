// <line-actions>: what can be done with a line, in its one toolbar, which comes to the line under the pointer, touched,
// or with the focus. Its links lead to the line's own pages; what a page can do in place is done in place.
customElements.define("line-actions", class extends HTMLElement {
  #line = null;

  connectedCallback() {
    this.log = this.parentElement.querySelector("chat-log");
    this.acts = this.querySelector("template").content.cloneNode(true).firstElementChild;
    this.log.addEventListener("line-in-hand", ({ target, detail }) => this.#bring(target, detail.type));
    this.acts.addEventListener("click", (event) => this.#act(event));
    this.acts.addEventListener("toggle", ({ target }) => target.open && this.#open(target), { capture: true });
  }
  #bring(li, type) {
    const isBusy = type.startsWith("pointer") && this.acts.querySelector("[open]");
    if (li.contains(this.acts) || isBusy || li.matches(".gone, .pending, .folded")) return;
    for (const menu of this.acts.querySelectorAll("[open]")) menu.open = false;
    this.#line = li.id;
    li.append(this.acts);
    const address = li.querySelector(".when").href;
    for (const each of this.acts.querySelectorAll("[data-path]")) {
      each[each.localName === "a" ? "href" : "formAction"] = address + each.dataset.path;
    }
  }
  #open(menu) {
    const [log, li] = [this.log, this.acts.parentElement].map((each) => each.getBoundingClientRect());
    menu.classList.toggle("up", li.top + li.bottom > log.top + log.bottom);
    for (const button of menu.querySelectorAll("[name=word]")) {
      const there = this.acts.parentElement.querySelector(`.reacts [value="${CSS.escape(button.value)}"]`);
      button.setAttribute("aria-pressed", there?.getAttribute("aria-pressed") ?? "false");
    }
  }
  #act(event) {
    const item = event.target.closest("[data-act], .pop button");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const li = document.getElementById(this.#line);
    const isShut = item.closest(".while-open") && this.closest(".room").dataset.gate === "closed"; // a key presses it all the same
    if (item.localName === "a" || isShut) event.preventDefault();
    if (isShut) return;
    if (item.dataset.act === "reply") document.querySelector("reply-bar").answer(li);
    if (item.dataset.act === "copy") this.#copy(li);
    if (["edit", "delete"].includes(item.dataset.act)) document.querySelector("line-form").open(item.href, li);
    if (item.localName !== "summary") item.closest("details")?.removeAttribute("open");
  }
  #copy(li) {
    const address = new URL(this.log.getAttribute("src"), location.href);
    address.searchParams.set("at", li.id.replace("line-", ""));
    document.querySelector("copy-text").copy(`${address}#${li.id}`);
    li.focus({ preventScroll: true });
  }
});
