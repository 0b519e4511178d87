"""What people type into a room."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from cobra.forms import ProseField
from cobra.markdown import LINE_LIMIT

# Everything that looks like nothing: only these do not make a line.
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad\u3164\u115f\u1160]*")


class LineForm(forms.Form):
    body = ProseField(
        label=_("Say something in the room"),
        max_length=LINE_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 1}),
        error_messages={"required": _("There is nothing to send yet.")},
    )
    client_id = forms.UUIDField(required=False)
    # Who the page was for: only compared with who asks, never believed.
    said_by = forms.IntegerField(required=False)

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if _INVISIBLE.fullmatch(body):
            raise forms.ValidationError(_("There is nothing to send yet."), code="required")
        return body.rstrip()
