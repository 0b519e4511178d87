"""How allauth does things here."""

from typing import Any, NamedTuple

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.tasks import task
from django.utils import translation

from accounts.models import User


@task
def send_mail(message: dict[str, Any], html: str | None = None) -> None:
    """Send one message. `message`: subject, body, from_email, to, headers."""
    mail = EmailMultiAlternatives(**message) if html else EmailMessage(**message)
    if isinstance(mail, EmailMultiAlternatives) and html:
        mail.attach_alternative(html, "text/html")
    mail.send()


# Addresses of imported people lead nowhere, and mail to them would only come back.
NOWHERE = ".invalid"


class Site(NamedTuple):
    """What mails call the place they come from."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Rendered now, in the reader's language; sent off the request, since a mail server may take its time."""
        if email.endswith(NOWHERE):
            return
        site = Site(str(settings.SITE_NAME), self.request.get_host())
        context = {"request": self.request, "email": email, "current_site": site, **context}
        mail = self.render_mail(template_prefix, email, context)
        html = next((body for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), None)
        send_mail.enqueue(
            {
                "subject": mail.subject,
                "body": mail.body,
                "from_email": mail.from_email,
                "to": list(mail.to),
                "headers": dict(mail.extra_headers),
            },
            html,
        )

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        data = form.cleaned_data
        user.nickname = data.get("nickname") or User.objects.free_nickname()
        user.is_findable_by_email = data.get("is_findable_by_email", True)
        user.language = translation.get_language() or user.language
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        user.end_streams()

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            user.end_streams()
