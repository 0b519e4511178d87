"""Ringing for a person: their inbox has changed. Whoever holds a stream of theirs counts anew."""

from django_eventstream import send_event


def channel_of(person_id: int) -> str:
    return f"person-{person_id}"


def ring(person_id: int) -> None:
    send_event(channel_of(person_id), "doorbell", "0", json_encode=False)
