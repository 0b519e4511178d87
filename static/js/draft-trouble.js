// <draft-trouble>: why the draft around it could not be kept on the server: in the server's own sentence, else in those
// of the template. Signed out, it leads to where one signs in.
customElements.define("draft-trouble", class extends HTMLElement {
  connectedCallback() {
    this.closest("post-draft").addEventListener("draft-answered", ({ detail: { ctx } }) => {
      const { status, headers } = ctx?.response ?? {};
      const isOurs = status < 500 && headers.get("Content-Type")?.startsWith("text/plain");
      const words = this.querySelector("template").content.textContent;
      this.querySelector("span").textContent = isOurs ? ctx.text : words;
      this.querySelector("a").hidden = status !== 401;
      this.querySelector(".err").hidden = status === 200 || status === 204;
    });
  }
});
