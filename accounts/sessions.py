"""Django's sessions in the database (SESSION_ENGINE), and one that is only looked at."""

from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User


class SessionStore(db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        # A cookie can spell a NUL ("\000"), and PostgreSQL cannot even be asked for one.
        super().__init__(session_key if session_key and session_key.isalnum() else None)

    def load(self) -> dict[str, Any]:
        # Written out: every request of a member asks for it, and the ORM would take far longer to write this statement
        # than the database to answer it.
        table = connection.ops.quote_name(Session._meta.db_table)
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT session_data FROM {table} WHERE session_key = %s AND expire_date > %s",  # noqa: S608
                [self.session_key, now],
            )
            row = cursor.fetchone()
        if row is None:  # so that one which is begun now has another key than the cookie says
            self._session_key = None
            return {}
        return self.decode(row[0])


class ReadOnlySession(SessionStore):
    """Nothing is written to it: by itself `get_user` deletes a session from before the password was changed."""

    key_salt = SessionStore().key_salt  # else by the name of this class

    def save(self, must_create: bool = False) -> None:
        """Nothing."""

    def delete(self, session_key: str | None = None) -> None:
        """Nothing."""


def holder_of(session_key: str) -> User | None:
    """Whose session this is; None when it is nobody's."""
    request = HttpRequest()
    request.session = ReadOnlySession(session_key)
    user = get_user(request)
    return None if isinstance(user, AnonymousUser) else user
