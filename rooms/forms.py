"""What people type into a room."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from cobra.forms import ProseField
from cobra.markdown import LINE_LIMIT
from rooms.models import VERDICT_LIMIT, WORDS, Line, Verdict

# Everything that looks like nothing: only these do not make a line.
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\u3164\u115f\u1160]*")


class WordsForm(forms.Form):
    """What a line says."""

    body = ProseField(
        label=_("Say something in the room"),
        max_length=LINE_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": _("There is nothing to send yet.")},
    )
    # Who the page was for: only compared with who asks, never believed.
    said_by = forms.IntegerField(required=False)

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if _INVISIBLE.fullmatch(body):
            raise forms.ValidationError(_("There is nothing to send yet."), code="required")
        return body.rstrip()


class LineForm(WordsForm):
    """`client_id`: the page's own name for the line. `reply_to`: the line of the same room that it answers."""

    client_id = forms.UUIDField(required=False)
    reply_to = forms.ModelChoiceField(
        Line.objects.none(), required=False, error_messages={"invalid_choice": _("There is no such line in this room.")}
    )

    def __init__(self, data: Any = None, *, room_id: int | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        if self.data.get("reply_to"):  # most lines answer none
            field = cast(forms.ModelChoiceField[Line], self.fields["reply_to"])
            field.queryset = Line.objects.filter(room=room_id, kind=Line.Kind.SAID).select_related("author")


class ReactionForm(forms.Form):
    """`wanted`: 1 or 0, whether the word is to stand under the line, so that a double click is harmless."""

    word = forms.ChoiceField(choices=[(word, word) for word in WORDS])
    wanted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_wanted(self) -> bool:
        return bool(self.data.get("wanted", "1") != "0")


OPEN = "open"  # what a form says for no verdict


class VerdictForm(forms.Form):
    """How a room ends, in one sentence; or `open`, which needs none and comes out as no verdict."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=[*Verdict.choices, (OPEN, _("Open"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it ends."), "invalid_choice": _("Choose how it ends.")},
    )
    text = forms.CharField(
        label=_("In one sentence"),
        max_length=VERDICT_LIMIT,
        help_text=_("Whoever comes later reads this first."),
        error_messages={"required": _("One sentence, please: what has come of it?")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("verdict") == OPEN:
            self.errors.pop("text", None)
            return {"verdict": "", "text": ""}
        cleaned["text"] = " ".join(cleaned.get("text", "").split())
        if verdict := cleaned.get("verdict"):
            cleaned["verdict"] = Verdict(verdict)
        return cleaned


def _paces() -> list[tuple[int, str]]:
    seconds = [(n, ngettext("%(n)d second", "%(n)d seconds", n) % {"n": n}) for n in (10, 30)]
    minutes = [(60 * n, ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}) for n in (1, 5, 15, 60)]
    return [(0, gettext("As fast as everybody likes")), *seconds, *minutes]


class SlowModeForm(forms.Form):
    seconds = forms.TypedChoiceField(
        label=_("Time between two lines of one person"),
        choices=_paces,
        coerce=int,
        help_text=_("It holds for everybody but the author of the post and staff."),
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
