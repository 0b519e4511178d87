"""What people type into kept thoughts, and which lines they tick for them."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from board.models import DIGEST_LIMIT, MOST_CITED, TITLE_LIMIT, WORD_LIMIT, Post
from board.passages import cited_numbers
from cobra.forms import ProseField
from rooms.models import Room

MOST_IDS = 200  # of lines in one form
LONGEST_ID = 18  # digits


class TicksForm:
    """Ids of lines: those `shown`, of them those `ticked` (`line`), and where to go on (`then`)."""

    def __init__(self, typed: QueryDict) -> None:
        self.shown = _ids(typed.getlist("shown"))
        self.ticked = _ids(typed.getlist("line"))
        self.then = typed.get("then", "")

    def next_of(self, post: Post) -> str:
        if self.then == "compose":
            return reverse("board:digest_new", args=[post.pk])
        query = {"older": {"before": self.shown[0]}, "newer": {"after": self.shown[-1]}} if self.shown else {}
        return reverse("board:digest_list", args=[post.pk], query=query.get(self.then)) + "#lines"


def _ids(values: list[str]) -> list[int]:
    return [int(value) for value in values[:MOST_IDS] if value.isdecimal() and len(value) <= LONGEST_ID]


class DigestForm(forms.Form):
    """A title and Markdown that cites lines of `room` by their numbers. `version`: the one that was read."""

    title = forms.CharField(
        label=_("Title"), max_length=TITLE_LIMIT, error_messages={"required": _("A title, please: what is it about?")}
    )
    text = ProseField(
        label=_("Text"),
        max_length=DIGEST_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("Markdown. [[12]] quotes line 12 of the room, from the line itself."),
        error_messages={"required": _("There is nothing in it yet.")},
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, room: Room, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room
        self.seen_version = 0

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].rstrip()
        numbers = cited_numbers(text)
        if not numbers:
            raise forms.ValidationError(_("It cites no line yet. Put [[12]] where line 12 should stand."), code="bare")
        if (extra := len(numbers) - MOST_CITED) > 0:
            too_many = ngettext("That is %(count)d line too many.", "That is %(count)d lines too many.", extra)
            raise forms.ValidationError(too_many, params={"count": extra}, code="too_many")
        there = set(self.room.lines.said().there().filter(seq__in=numbers).values_list("seq", flat=True))
        if missing := [str(number) for number in numbers if number not in there]:
            words = _("There is no line %(numbers)s in this room, or it is gone.")
            raise forms.ValidationError(words, params={"numbers": ", ".join(missing)}, code="unknown")
        return text

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self.seen_version = cleaned.pop("version", None) or 0
        return cleaned


class WordForm(forms.Form):
    """A decision about a proposal, with a word where it is returned."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    word = ProseField(
        label=_("A word on what is missing"),
        required=False,
        max_length=WORD_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
