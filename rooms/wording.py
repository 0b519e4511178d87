"""What somebody wants to say, read for whom it calls."""

from typing import NamedTuple, Self

from accounts.models import User
from cobra.markdown import Calls, names_in, render_line


class Wording(NamedTuple):
    """A line's text, its HTML, and the people it calls."""

    text: str
    html: str
    called: list[User]

    @classmethod
    def of(cls, text: str, *, by: User) -> Self:
        """Whoever has blocked the author does not exist for them, so their name stays a word."""
        names = names_in(text)
        people = User.objects.visible_to(by).by_spelling(names) if names else {}
        calls = Calls(people)
        html = render_line(text, calls)
        by_id = {person.pk: person for person in people.values()}
        return cls(text, html, [by_id[pk] for pk in calls.called])
