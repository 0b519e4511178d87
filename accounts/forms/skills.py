"""What people can do, as rows of a name and a level."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Skill
from accounts.models.profile import LONGEST_KEY, MOST_SKILLS
from accounts.nicknames import nickname_key

EMPTY_ROWS = 3
KNOWN = "known-skills"  # the id of the datalist


class SkillForm(forms.Form):
    """A row; one without a name is none."""

    name = forms.CharField(
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": KNOWN, "autocapitalize": "none", "autocomplete": "off"}),
    )
    level = forms.TypedChoiceField(coerce=int, choices=Skill.Level.choices, initial=Skill.Level.USING)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if len(nickname_key(name)) > LONGEST_KEY:  # some signs are many once folded
            raise forms.ValidationError(_("This is too long for a skill: 40 characters at most."), code="too_long")
        return name


if TYPE_CHECKING:
    SkillForms = forms.BaseFormSet[SkillForm]
else:
    SkillForms = forms.BaseFormSet


class SkillFormSet(SkillForms):
    def add_fields(self, form: SkillForm, index: int | None) -> None:
        super().add_fields(form, index)
        number = {"number": (index or 0) + 1}
        form.fields["name"].label = _("Skill %(number)d") % number
        form.fields["level"].label = _("Level of skill %(number)d") % number

    @property
    def known(self) -> Iterable[tuple[str, int]]:
        """The rows that have a name, as (name, level)."""
        for row in self.cleaned_data:
            if row.get("name"):
                yield row["name"], row["level"]

    # What the summary of errors asks of a form.

    def non_field_errors(self) -> Any:
        return self.non_form_errors()

    def visible_fields(self) -> list[forms.BoundField]:
        return [field for form in self.forms for field in form.visible_fields()]


SkillRows = cast(
    "type[SkillFormSet]",
    forms.formset_factory(
        SkillForm,
        formset=SkillFormSet,
        extra=EMPTY_ROWS,
        max_num=MOST_SKILLS,
        validate_max=True,
        absolute_max=MOST_SKILLS,
    ),
)
