"""What people type into a room."""

import re
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cobra.forms import ProseField
from cobra.markdown import LINE_LIMIT
from rooms.models import WORDS, Line

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
        field = cast(forms.ModelChoiceField[Line], self.fields["reply_to"])
        field.queryset = Line.objects.filter(room=room_id, kind=Line.Kind.SAID).select_related("author")


class ReactionForm(forms.Form):
    """`wanted`: 1 or 0, whether the word is to stand under the line, so that a double click is harmless."""

    word = forms.ChoiceField(choices=[(word, word) for word in WORDS])
    wanted = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_wanted(self) -> bool:
        return bool(self.data.get("wanted", "1") != "0")
