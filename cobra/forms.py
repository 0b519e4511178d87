"""How forms are drawn, and what several of them ask for."""

from django import forms
from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    """Every field of every form through the one template `django/forms/field.html`."""

    field_template_name = "django/forms/field.html"


class ProseField(forms.CharField):
    """Text of several lines. A form sends two characters for a line break; here, as for `maxlength`, it is one."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")
