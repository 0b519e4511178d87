"""Mails of our own, beside those that allauth writes."""

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.tasks import task
from django.template.loader import render_to_string
from django.utils import timezone, translation

if TYPE_CHECKING:
    from accounts.models import Deed, User

# Addresses of imported people lead nowhere, and mail to them would only come back.
NOWHERE = ".invalid"


@task
def send_mail(message: dict[str, Any], html: str | None = None) -> None:
    """Send one message. `message`: subject, body, from_email, to, headers."""
    mail = EmailMultiAlternatives(**message) if html else EmailMessage(**message)
    if isinstance(mail, EmailMultiAlternatives) and html:
        mail.attach_alternative(html, "text/html")
    mail.send()


def mail_deed(deed: "Deed", *, to: "User") -> None:
    """Tell whom a deed concerns, in their language and at their time."""
    if to.email.endswith(NOWHERE):
        return
    with translation.override(to.language), timezone.override(ZoneInfo(to.time_zone)):
        body = render_to_string("accounts/mail/deed.txt", {"deed": deed, "site_url": settings.SITE_URL})
        subject = f"{settings.SITE_NAME} · {deed.told} (#{deed.pk})"
    send_mail.enqueue({"subject": subject, "body": body, "to": [to.email], "reply_to": [settings.CONTACT_MAIL]})
