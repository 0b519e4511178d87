// <file-limit for="id_picture" bytes="5242880">: a file that would be refused is told of, and let go, before it is sent.
customElements.define("file-limit", class extends HTMLElement {
  connectedCallback() {
    const box = document.getElementById(this.getAttribute("for"));
    const most = Number(this.getAttribute("bytes"));
    const words = this.querySelector("template").content.textContent;
    box.addEventListener("change", () => {
      const isTooLarge = [...box.files].some((file) => file.size > most);
      if (isTooLarge) box.value = "";
      this.querySelector("p").textContent = isTooLarge ? words : "";
    });
  }
});
