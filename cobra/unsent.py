"""What somebody sent who was signed out meanwhile: kept in their session until they are in again and send it anew.

Signing in keeps what a visitor's session holds. A page with scripts needs none of this: it keeps the text itself.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict

KEY = "unsent"
AT = "unsent_to"  # kept with its fields: the address it was sent to
BY = ("sent_by", "said_by")  # a hidden field of such a form: its sender's id
MOST = 400_000  # characters


def kept_when_signed_out[V: Callable[..., Any]](view: V) -> V:
    """Marks a view whose posted form is worth keeping."""
    view.kept_when_signed_out = True  # type: ignore[attr-defined]
    return view


def keep(request: HttpRequest, view: Callable[..., Any]) -> None:
    """Of those only who had a session: nobody fills the table from outside."""
    if request.method != "POST" or not getattr(view, "kept_when_signed_out", False):
        return
    fields = {name: text for name, text in request.POST.items() if name != "csrfmiddlewaretoken"}
    if settings.SESSION_COOKIE_NAME in request.COOKIES and sum(map(len, fields.values())) <= MOST:
        request.session[KEY] = fields | {AT: request.path}


def unsent(request: HttpRequest, *, at: str = "", having: str = "") -> QueryDict:
    """The form that waits for whoever is signed in, or empty. Shown to its sender only: browsers are shared.

    Of one address (`at`), or of those that have a field of this name.
    """
    data = QueryDict(mutable=True)
    fields = request.session.get(KEY, {})
    is_mine = str(request.user.pk) in [fields.get(name) for name in BY]
    if is_mine and at in ("", fields.get(AT)) and (not having or having in fields):
        data.update(fields)
    return data


def forget(request: HttpRequest, *, at: str = "") -> None:
    """It was sent anew. With `at`, only where it is of that address."""
    if at in ("", request.session.get(KEY, {}).get(AT)):
        request.session.pop(KEY, None)
