// hx-swap="here": how many are in the rooms of a list, each put in its card's place; those of other lists are let go.
htmx.registerExtension("here-swap", {
  handle_swap(style, list, fragment) {
    if (style !== "here") return false;
    for (const part of [...fragment.querySelectorAll(".here")]) {
      const there = document.getElementById(part.id);
      const hadFocus = there?.contains(document.activeElement);
      there?.replaceWith(part);
      if (hadFocus) part.querySelector("a").focus({ preventScroll: true });
    }
    return [];
  },
});
