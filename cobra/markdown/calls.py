"""`@nickname` in a text: who is called, and the link that calls them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from markdown_it.rules_core.state_core import StateCore
from markdown_it.token import Token

PEOPLE: Final = "people"
"""Where the document's environment keeps whom it may call."""

# An address is no call: in `minseo@example.com` a letter, digit or sign of it stands before the @.
_CALL: Final = re.compile(r"(?<![A-Za-z0-9_.+@/-])@([\w.-]+)")
_LONGEST: Final = 20

MOST: Final = 20
"""People that one text calls. The names of others stay words: nobody calls the whole house."""


class Person(Protocol):
    """Somebody who can be called: `pk`, and the address of who they are."""

    pk: int

    def get_absolute_url(self) -> str: ...


class Calls:
    """Whom a text may call, by every spelling in which they stand in it; and who turned out to be called."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self.people = people
        self.called: dict[int, Person] = {}

    def longest(self, run: str) -> str:
        """The longest name that the signs after an @ begin with, "" for none."""
        return next((name for name in spellings(run) if name in self.people), "")


def spellings(run: str) -> Iterator[str]:
    """What may be a name in the signs after an @, the longest first: a particle may follow it, as in `@지우가`."""
    return (run[:length] for length in range(min(len(run), _LONGEST), 1, -1))


def names_in(text: str) -> set[str]:
    """Whatever may be a name after an @ in a text: more than it calls, since only its parser sees what is code."""
    return {name for run in _CALL.findall(text) for name in spellings(run)}


def call_people(state: StateCore) -> None:
    """Make links of the names called in words that are no link yet. A core rule."""
    calls: Calls | None = state.env.get(PEOPLE)
    if calls is None or not calls.people:
        return
    for block in state.tokens:
        if block.children and any("@" in token.content for token in block.children):
            block.children = list(_called(block.children, calls))


def _called(tokens: Sequence[Token], calls: Calls) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not depth:
            yield from _split(token.content, calls)
        else:
            yield token


def _split(text: str, calls: Calls) -> Iterator[Token]:
    end = 0
    for match in _CALL.finditer(text):
        if not (name := calls.longest(match[1])):
            continue
        person = calls.people[name]
        if len(calls.called) >= MOST and person.pk not in calls.called:
            continue
        calls.called[person.pk] = person
        yield _text(text[end : match.start()])
        attrs: dict[str, str | int | float] = {
            "class": "at",
            "href": person.get_absolute_url(),
            "data-person": str(person.pk),
        }
        yield Token("link_open", "a", 1, attrs=attrs)
        yield _text(f"@{name}")
        yield Token("link_close", "a", -1)
        end = match.start() + 1 + len(name)
    yield _text(text[end:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
