"""What templates draw with: icons, avatars, scales and lattices."""

import zoneinfo
from datetime import UTC, datetime

from django import template
from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.forms.boundfield import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cobra import request_ids, sigil
from cobra.browsers import browser_name

register = template.Library()
SIDES = {"s": 22, "": 32, "m": 40, "xl": 128}  # pixels of an avatar, as avatar.css draws it
SITE_ZONE = zoneinfo.ZoneInfo(settings.TIME_ZONE)


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "search" %}`: a symbol of `static/img/icons.svg`, silent: words stand beside it or in an aria-label."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("img/icons.svg"), name
    )


@register.simple_tag
def request_id() -> str:
    """The name under which the log knows this request."""
    return request_ids.current()


@register.simple_tag
def hue(nickname: str) -> str:
    """`class="who {% hue nickname %}"`: the person's colour."""
    return f"h{sigil.hue(nickname)}"


@register.simple_tag
def avatar(person: object, size: str = "") -> SafeString:
    """`{% avatar user "s" %}`: a user's or a nickname's picture. Sizes: s (22 px), none (32), m (40), xl (128).

    Of a user whose profile was fetched too, the picture they uploaded.
    """
    nickname = str(getattr(person, "nickname", person))
    classes = f"avatar who {hue(nickname)} {size}".strip()
    if url := getattr(person, "picture_url", None):
        html = '<img class="{}" src="{}" alt="" width="{side}" height="{side}" decoding="async">'
        return format_html(html, classes, url, side=SIDES[size])
    picture = mark_safe(sigil.avatar(nickname))  # noqa: S308  geometry only
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, picture)


@register.simple_tag
def scales(cells: str, size: str = "") -> SafeString:
    """`{% scales "..abcc" %}`: a row of scales. `.` dark, a to c warmer, j jade. Silent, like an icon."""
    row = "".join(f'<i class="{cell}"></i>' if cell in "abcj" else "<i></i>" for cell in cells)
    classes = f"scales {size}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, mark_safe(row))  # noqa: S308


@register.simple_tag
def lattice(scene: str, *words: str, label: str = "") -> SafeString:
    """`{% lattice "wave" hour label=… %}`: a scene of `sigil.SCENES`; without a label it is ornament and silent."""
    name = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return mark_safe(sigil.lattice(scene, *words).replace("{label}", name, 1))  # noqa: S308  geometry only


@register.simple_tag
def moment(at: datetime, form: str = "clock") -> SafeString:
    """`{% moment line.created_at %}`: a time, the same for every reader; `<local-time>` then puts it into their zone.

    The attribute is in UTC; the words are in the site's zone (`clock`), or say how long ago (`ago`), for whoever reads
    without scripts.
    """
    words = naturaltime(at) if form == "ago" else timezone.localtime(at, SITE_ZONE).strftime("%H:%M")
    utc = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<local-time form="{}"><time datetime="{}">{}</time></local-time>', form, utc, words)


@register.simple_tag
def day(at: datetime) -> SafeString:
    """`{% day line.created_at %}`: on which day that was, in the reader's zone; with the year where it is another."""
    local = timezone.localtime(at)
    words = _("l, F j") if local.year == timezone.localtime().year else _("l, F j, Y")  # as Django's `date` has it
    return format_html('<time datetime="{}">{}</time>', local.date().isoformat(), date_format(local, words))


@register.simple_tag
def control(field: BoundField, suspect: object = None) -> SafeString:
    """A form field's control, without the placeholder that some forms put in: the label says it already.

    `suspect`: the form as a whole is wrong, and it may be this field.
    """
    attrs: dict[str, str | bool] = {"placeholder": False}
    if suspect:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


@register.simple_tag
def browser(user_agent: str) -> str:
    """`{% browser session.user_agent %}`: Chrome · Windows."""
    return browser_name(user_agent)


@register.simple_tag
def password_length() -> int:
    """The shortest password that will do."""
    validators = get_default_password_validators()
    return max((each.min_length for each in validators if isinstance(each, MinimumLengthValidator)), default=1)
