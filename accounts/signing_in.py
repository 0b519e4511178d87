"""What is kept of somebody so that they can sign in."""

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.tasks import task
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


def can_be_asked(user: "User") -> bool:
    """Is there a password, a passkey or a code by which they can show that it is them? Not with GitHub alone."""
    from allauth.mfa.models import Authenticator

    return user.has_usable_password() or Authenticator.objects.filter(user=user).exists()


def forget(user: "User") -> None:
    """Addresses, second factors, other services' accounts and every session: nothing is left to sign in with."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from allauth.usersessions.models import UserSession

    Session.objects.filter(pk__in=UserSession.objects.filter(user=user).values("session_key")).delete()
    for kept in (EmailAddress, Authenticator, SocialAccount, UserSession):
        kept.objects.filter(user=user).delete()


@task
def end_sessions_of(user_id: int) -> None:
    """Those that stand in no list of sessions too. Every session has to be opened for that, so it is a task."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user_id):
            session.delete()
