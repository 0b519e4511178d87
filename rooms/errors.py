"""Why a room, or the board, refuses. A view turns it into a form's error, with its status and headers."""

from django.utils.translation import gettext as _

from cobra.errors import Refusal


class RoomLocked(Refusal):
    status = 403

    def __str__(self) -> str:
        return _("This room is closed. You can still read it.")


class RoomClosed(Refusal):
    """The room has a verdict."""

    status = 403

    def __str__(self) -> str:
        return _("This room has been closed with a verdict. You can still read it; your text stays here.")


class KeptOut(Refusal):
    """The room's owner has blocked the author. To them the owner does not exist, so nothing is said of whom or why."""

    status = 403

    def __str__(self) -> str:
        return _("You cannot write in this room. You can still read it.")


class LineGone(Refusal):
    """Somebody changes what was deleted or hidden meanwhile."""

    status = 410

    def __str__(self) -> str:
        return _("This line was deleted, so it stays as it is.")


class NothingToAnswer(Refusal):
    def __str__(self) -> str:
        return _("There is no such line in this room.")


class ClientIdUsed(Refusal):
    """The page sent the same line to two rooms: it must land in the first only."""

    status = 409

    def __str__(self) -> str:
        return _("This line went to another room already. Send it again to say it here.")


class AnotherPerson(Refusal):
    """Somebody else has signed in in this browser since the page was loaded: nobody speaks in another's name."""

    status = 409

    def __init__(self, nickname: str) -> None:
        super().__init__(nickname)
        self.nickname = nickname

    def __str__(self) -> str:
        return _(
            "In this browser you are %(nickname)s now, so nothing was sent. What you wrote is still here; "
            "load the page again to talk as %(nickname)s."
        ) % {"nickname": self.nickname}


class TooFast(Refusal):
    """More than `LINE_RATE` or `POST_RATE`. `retry_after`: whole seconds until the next one is taken."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return _("A little slower, please. You can go on in %(seconds)d s; your text stays here.") % {
            "seconds": self.retry_after
        }

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class SaidAlready(Refusal):
    """The same long thing again, here or in another room."""

    status = 409

    def __str__(self) -> str:
        return _("You have said just that a moment ago. Add something to it, or leave it at that.")


class TooSoon(TooFast):
    """The room is in slow mode, and the author said something a moment ago."""

    def __str__(self) -> str:
        return _("This room is in slow mode. You can go on in %(seconds)d s; your text stays here.") % {
            "seconds": self.retry_after
        }


class DoneAlready(Refusal):
    """Somebody else of the staff was quicker."""

    status = 409

    def __str__(self) -> str:
        return _("That is so already. Load the page again to see who did it.")
