// A post, or a section, is out: what this browser still kept of it goes. The server's answer says by a cookie which
// draft it was.
const done = document.cookie.match(/(?:^|; )draft_done=([\w-]+)/)?.[1];
if (done) {
  for (const key of Object.keys(localStorage)) if (key.endsWith(` ${done}`)) localStorage.removeItem(key);
  document.cookie = "draft_done=; max-age=0; path=/";
}
