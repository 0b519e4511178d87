"""What people type into a post."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from board.models import Category, Post
from board.tags import LONGEST, LONGEST_KEY, MOST, split_tags, tag_key
from cobra.forms import ProseField
from cobra.markdown import POST_LIMIT

if TYPE_CHECKING:
    PostModelForm = forms.ModelForm[Post]
else:
    PostModelForm = forms.ModelForm


# Shown as it will read, a moment after the last key.
PREVIEWED = {
    "hx-post": reverse_lazy("board:post_preview"),
    "hx-trigger": "input changed delay:400ms",
    "hx-target": "#preview",
    "hx-swap": "innerHTML",
    "hx-sync": "this:replace",
}


class PostForm(PostModelForm):
    """Title, body, category, tags (commas or spaces between), and who may read it."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=400,
        help_text=_("Up to five, with commas or spaces between."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    body = ProseField(
        label=_("Body"),
        max_length=POST_LIMIT,
        strip=False,  # leading spaces are code in Markdown
        widget=forms.Textarea(attrs={"rows": 17, "spellcheck": "false", **PREVIEWED}),
        error_messages={"required": _("The body is empty.")},
    )
    members_only = forms.BooleanField(
        label=_("For members only"),
        required=False,
        help_text=_("The post and its room are then hidden from visitors and search engines."),
    )

    class Meta:
        model = Post
        fields = ("title", "category", "tags", "body", "members_only")
        error_messages = {
            "title": {"required": _("A title, please: what fails, and how?")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].empty_label = None  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["category"].queryset = Category.objects.all()  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if not body.strip():
            raise forms.ValidationError(_("The body is empty."), code="required")
        return body.rstrip()

    def clean_tags(self) -> list[str]:
        tags = split_tags(self.cleaned_data["tags"])
        if (extra := len(tags) - MOST) > 0:
            text = ngettext("Five tags at most: take out %(count)d.", "Five tags at most: take out %(count)d.", extra)
            raise forms.ValidationError(text, params={"count": extra}, code="too_many")
        if long := next((tag for tag in tags if len(tag) > LONGEST or len(tag_key(tag)) > LONGEST_KEY), None):
            raise forms.ValidationError(_("“%(tag)s” is too long for a tag."), params={"tag": long}, code="too_long")
        return tags

    def _post_clean(self) -> None:
        """The post is changed by its own verbs, not by the form."""
