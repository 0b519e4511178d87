// The CSRF token as its cookie holds it when a request is sent: a page stays open for days, and a sign-in in another
// tab changes it. The token printed into the form would win over the header, so it is taken out.
document.addEventListener("htmx:config:request", ({ detail: { ctx: { request } } }) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (!token || /^(GET|HEAD|QUERY)$/.test(request.method)) return;
  request.headers["X-CSRFToken"] = token;
  request.body.delete("csrfmiddlewaretoken");
});
