"""What administrators change about the site."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from board.models import Category, SiteText
from cobra.forms import ProseField
from cobra.markdown import POST_LIMIT

if TYPE_CHECKING:
    CategoryModelForm = forms.ModelForm[Category]
else:
    CategoryModelForm = forms.ModelForm


class CategoryForm(CategoryModelForm):
    """Names, colour, and for a new one its address, which stays as it is from then on."""

    hue = forms.TypedChoiceField(
        label=_("Colour"),
        choices=[(number, number + 1) for number in range(8)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("One of the eight hues of the design."),
    )

    class Meta:
        model = Category
        fields = ("name_ko", "name_en", "slug", "hue")
        help_texts = {"slug": _("In the address, for good: small letters, digits and hyphens.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["slug"]

    def _post_clean(self) -> None:
        """As ever, but the category is changed by its own verb, not by the form."""
        before = {name: getattr(self.instance, name) for name in self.fields}
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        for name, value in before.items():
            setattr(self.instance, name, value)


class SiteTextForm(forms.Form):
    text_ko = ProseField(
        label=_("In Korean"), required=False, max_length=POST_LIMIT, widget=forms.Textarea(attrs={"rows": 12})
    )
    text_en = ProseField(
        label=_("In English"),
        required=False,
        max_length=POST_LIMIT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Markdown. Where one language is empty, its readers see the other."),
    )

    def __init__(self, data: Any = None, *, text: SiteText) -> None:
        super().__init__(data, initial={"text_ko": text.text_ko, "text_en": text.text_en})
