"""What people tell about themselves."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import InterestsField, LinksField, PictureField
from accounts.models import Profile
from accounts.pictures import MOST_BYTES
from cobra.forms import ProseField

if TYPE_CHECKING:
    from django.forms import ModelForm

    ProfileModelForm = ModelForm[Profile]
else:
    ProfileModelForm = forms.ModelForm


class ProfileForm(ProfileModelForm):
    """`picture` is a new one or None; `removes_picture`: there shall be none."""

    picture = PictureField(
        label=_("Picture"),
        required=False,
        help_text=_(
            "JPEG, PNG, WebP or GIF, up to 5 MB. The middle square is kept, without where and when it was taken."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
        error_messages={"empty": _("This is no picture we can read: JPEG, PNG, WebP or GIF, please.")},
    )
    removes_picture = forms.BooleanField(label=_("Take the picture away"), required=False)
    about = ProseField(
        label=_("About me"),
        required=False,
        max_length=4_000,
        help_text=_("Markdown works: **bold**, lists, links, code."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    interests = InterestsField(
        label=_("Curious about"),
        required=False,
        max_length=500,
        help_text=_("Up to twelve, with commas between."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    links = LinksField(
        label=_("Links"),
        required=False,
        help_text=_("Up to five web addresses, one a line."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"}),
    )

    class Meta:
        model = Profile
        fields = ("picture", "status", "about", "interests", "links")
        labels = {"status": _("Status")}
        help_texts = {"status": _("One sentence under the nickname: what you are at, what you are stuck on.")}

    field_order = ("picture", "removes_picture", "status", "about", "interests", "links")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.picture:
            del self.fields["removes_picture"]

    @property
    def most_bytes(self) -> int:
        """Of a picture; a page may say so before anything is sent."""
        return MOST_BYTES

    @property
    def lost_picture(self) -> bool:
        """Was a good picture chosen, in a form that comes back? Browsers keep text, but no files."""
        return bool(self.files.get("picture")) and "picture" not in self.errors

    def _post_clean(self) -> None:
        """The profile is changed by its own verbs, not by the form."""
