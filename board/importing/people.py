"""The people of an import: whoever wrote elsewhere has a seat here that nobody can sign in to."""

import hashlib
import unicodedata
from collections.abc import Iterable

from accounts.models import User
from accounts.nicknames import fitting_nickname

# A domain that exists nowhere and never will (RFC 2606, 2): no mail leads to such a person.
DOMAIN = "imported.invalid"
_AT_ONCE = 500  # names asked for in one query


def address_of(name: str) -> str:
    """The placeholder that tells people apart by their exact names elsewhere, whatever their nicknames are here."""
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()
    return f"person-{digest[:32]}@{DOMAIN}"


class People:
    """Ids of people by their names elsewhere. The same name is the same person, in every file and every import.

    A member who happens to have that name as a nickname is somebody else.
    """

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}  # by address
        self.made = 0

    def seat(self, name: str) -> User:
        """One person, made where missing, in the caller's transaction."""
        person: User = User.objects.get(pk=self.seated([name])[name])
        return person

    def known(self, names: Iterable[str]) -> dict[str, int]:
        """Those of `names` who have a seat here."""
        addresses = {name: address_of(name) for name in names}
        unmet = list({address for address in addresses.values() if address not in self._ids})
        for start in range(0, len(unmet), _AT_ONCE):
            there = User.objects.filter(email__in=unmet[start : start + _AT_ONCE])
            self._ids.update(there.values_list("email", "pk"))
        return {name: self._ids[address] for name, address in addresses.items() if address in self._ids}

    def seated(self, names: Iterable[str]) -> dict[str, int]:
        """All of `names`, those who were missing made, in the caller's transaction."""
        asked = list(dict.fromkeys(names))
        there = self.known(asked)
        for name in asked:
            if name not in there:
                there[name] = self._ids.get(address_of(name)) or self._make(name)
        return there

    def _make(self, name: str) -> int:
        # Words stay apart: a nickname has no spaces.
        nickname = User.objects.free_nickname(fitting_nickname("-".join(name.split())))
        person: User = User.objects.create_user(address_of(name), nickname=nickname, is_findable_by_email=False)
        self._ids[person.email] = person.pk
        self.made += 1
        return person.pk
