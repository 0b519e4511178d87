"""What is reported, and what the staff decide."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FOR_EVER, Deed
from accounts.models.deed import LONGEST_REASON
from board.models import Report
from board.models.report import LONGEST_WORDS
from cobra.forms import ProseField

DURATIONS = {
    "1h": (_("1 hour"), timedelta(hours=1)),
    "1d": (_("1 day"), timedelta(days=1)),
    "7d": (_("7 days"), timedelta(days=7)),
    "ever": (_("For ever"), None),
}
# What members choose from; the others are the site's own.
REASONS = [choice for choice in Report.Reason.choices if choice[0] not in (Report.Reason.HELD, Report.Reason.FLOOD)]
# Taking back and leaving alone explain themselves; of everything else somebody reads why.
SELF_EXPLAINING = {Deed.Action.SHOW, Deed.Action.APPROVE, Deed.Action.UNLOCK, Deed.Action.PARDON, Deed.Action.DISMISS}


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=REASONS, widget=forms.RadioSelect)
    words = ProseField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the staff read this, and who reported."),
    )


class DecisionForm(forms.Form):
    """What the staff do: one of the `actions` they are offered, why, and for a suspension for how long."""

    action = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    duration = forms.ChoiceField(
        label=_("Suspended for"),
        required=False,
        choices=[(key, label) for key, (label, _length) in DURATIONS.items()],
        widget=forms.RadioSelect,
        initial="1d",
    )
    reason = ProseField(
        label=_("Why"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The person concerned reads this, and so does everybody in the public log."),
    )

    def __init__(self, data: Any = None, *, actions: list[tuple[str, Any]]) -> None:
        super().__init__(data, auto_id="decision_%s")
        self.fields["action"].choices = actions  # type: ignore[attr-defined]  # a ChoiceField
        if not any(action == Deed.Action.SUSPEND for action, _label in actions):
            del self.fields["duration"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        action = cleaned.get("action")
        if action and action not in SELF_EXPLAINING and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why: the person concerned will read it."))
        if action == Deed.Action.SUSPEND and not cleaned.get("duration"):
            self.add_error("duration", _("For how long?"))
        return cleaned

    @property
    def until(self) -> datetime | None:
        """When the suspension ends, if it is one."""
        if self.cleaned_data["action"] != Deed.Action.SUSPEND:
            return None
        _label, length = DURATIONS[self.cleaned_data["duration"]]
        return timezone.now() + length if length else FOR_EVER
