// <text-limit for="id_body">: how many characters are left, once there are few.
const NEAR = 400;

customElements.define("text-limit", class extends HTMLElement {
  connectedCallback() {
    const [box, hint] = [document.getElementById(this.getAttribute("for")), this.querySelector("p")];
    const words = this.querySelector("template").content.textContent;
    const draw = () => {
      const left = box.maxLength - box.value.length;
      hint.hidden = left > NEAR;
      hint.textContent = words.replace("%(count)s", left);
    };
    box.addEventListener("input", draw);
    draw();
  }
});
