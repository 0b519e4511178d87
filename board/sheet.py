"""The sheet somebody writes a post on: which draft it is, and as of when."""

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.http import QueryDict

from board.models import Category, Draft, Post
from cobra.forms import ProseField

if TYPE_CHECKING:
    from accounts.models import User


class AnyText(ProseField):
    """Whatever was typed, but for a sign that databases refuse."""

    def to_python(self, value: object) -> str:
        return super().to_python(value).replace("\x00", "")


class SheetForm(forms.Form):
    """What stands in the fields of a `PostForm`, right or wrong. What is nonsense is left out, and nothing refused."""

    draft = forms.UUIDField(required=False)
    draft_page = forms.UUIDField(required=False)
    draft_version = forms.IntegerField(required=False, min_value=0)
    draft_post = forms.IntegerField(required=False, min_value=1)
    title = AnyText(required=False, strip=False)
    body = AnyText(required=False, strip=False)
    category = forms.ModelChoiceField(Category.objects.all(), required=False)
    tags = AnyText(required=False, strip=False)
    members_only = forms.BooleanField(required=False)


@dataclass(frozen=True)
class Sheet:
    """A form of a post, as one page shows it.

    `key` is the id of the draft that it is or becomes, `version` the draft's when it was read, 0 while there is none.
    `has_parted`: the draft was saved by another page meanwhile, and what stood here became one of its own.
    """

    key: uuid.UUID
    page: uuid.UUID
    version: int = 0
    post_id: int | None = None
    draft: Draft | None = None
    has_parted: bool = False

    @classmethod
    def of(cls, draft: Draft, post: Post | None) -> Self:
        """The draft opened anew."""
        return cls(draft.pk, uuid.uuid4(), draft.version, post.pk if post else None, draft)

    @classmethod
    def sent(cls, data: QueryDict, post: Post | None = None) -> Self:
        """The one that came back with a form; a fresh one where none did."""
        found = _read(data)
        key, page = (found.get(name) or uuid.uuid4() for name in ("draft", "draft_page"))
        return cls(key, page, found.get("draft_version") or 0, post.pk if post else found.get("draft_post"))

    def post_of(self, author: "User") -> Post | None:
        """The post that is changed on it, if it is this author's."""
        return Post.objects.visible_to(author).select_related("room").filter(pk=self.post_id, author=author).first()

    def keep(self, data: QueryDict, *, by: "User") -> "Sheet":
        """Save what stands on it, right or wrong; the sheet to write on from now on.

        Raises:
            Draft.DoesNotExist: it is somebody else's.
            TooManyDrafts: there are too many already.
        """
        found = _read(data)
        typed = {name: found[name] for name in ("title", "body", "category", "tags", "members_only") if name in found}
        draft = Draft.keep(by=by, key=self.key, page=self.page, version=self.version, post=self.post_of(by), **typed)
        return replace(self, key=draft.pk, version=draft.version, draft=draft, has_parted=draft.pk != self.key)


def _read(data: QueryDict) -> dict[str, Any]:
    form = SheetForm(data)
    form.full_clean()
    return form.cleaned_data


def is_blank(data: QueryDict) -> bool:
    """Is there nothing to keep yet?"""
    return not (data.get("title", "").strip() or data.get("body", "").strip())
