"""How allauth does things here."""

from typing import Any, NamedTuple

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.mails import NOWHERE, send_mail
from accounts.models import Export, User
from accounts.models.export import sweep_exports
from accounts.nicknames import fitting_nickname
from cobra.browsers import browser_name


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
        # The second is what another service calls them (`SocialAdapter`).
        user.nickname = data.get("nickname") or user.nickname or User.objects.free_nickname()
        user.is_findable_by_email = data.get("is_findable_by_email", True)
        user.language = translation.get_language() or user.language
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        """Somebody signs in every day, so downloads are deleted on their day without a clock of our own."""
        if Export.objects.outlived().exists():
            sweep_exports.enqueue()
        return super().post_login(request, user, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as markup for the page itself: the policy lets no picture in by a data: address."""
        code = qrcode.QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
        return format_html(
            '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
            '<path d="{}"/></svg>',
            gettext("QR code for an authenticator app"),
            len(rows),
            len(rows),
            path,
        )

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The device they sit at: what they would call it themselves."""
        return browser_name(context.request.headers.get("User-Agent", ""))

    def _get_site_name(self) -> str:
        """What a telephone calls the place that a passkey opens."""
        return str(settings.SITE_NAME)


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Any) -> None:
        """Their open streams end with them."""
        super().end_sessions(sessions)
        for user in {session.user for session in sessions}:
            user.end_streams()


class SocialAdapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Named as the other service names them, or the nearest free nickname; never by their e-mail."""
        user: User = super().populate_user(request, sociallogin, data)
        login = data.get("username")
        user.nickname = User.objects.free_nickname(fitting_nickname(login) if login else "")
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {**super().get_signup_form_initial_data(sociallogin), "nickname": sociallogin.user.nickname}
