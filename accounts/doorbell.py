"""Ringing for a person: whoever holds a stream of theirs counts their inbox anew, or ends it."""

from functools import partial

from django.db import transaction

from cobra import bus

INBOX = 0
SIGN_IN = 1  # their sign-ins may have ended, and what they may read may have changed


def channel_of(person_id: int) -> str:
    return f"person-{person_id}"


def ring_on_commit(*person_ids: int, what: int = INBOX) -> None:
    """Ring for these people here and in the other processes, once the change is there to be read."""
    bells = [bus.Bell(channel_of(person_id), str(what)) for person_id in person_ids]
    bus.tell_others(*bells)
    for bell in bells:
        transaction.on_commit(partial(bus.ring_here, bell), robust=True)
