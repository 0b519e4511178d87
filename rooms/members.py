"""Every stream of a member in this process, by whom it was opened and with which stamp."""

from collections import defaultdict
from collections.abc import Mapping

from rooms.listener import Listener

type Login = tuple[int, int]  # a person and the `auth_stamp` that their stream was opened with


class Members:
    """Used on the event loop.

    The clock asks after all of them every two seconds or so, and looks at no listener for it: thousands of them lie all
    over the memory, and what nobody touched for two seconds takes long to reach.
    """

    def __init__(self) -> None:
        self._streams: defaultdict[Login, set[Listener]] = defaultdict(set)
        self.somebody_came = False  # since whoever asks has set this back

    def enter(self, listener: Listener) -> None:
        """A stream was opened; one of a visitor is not kept."""
        self.somebody_came = True
        if login := _login_of(listener):
            self._streams[login].add(listener)

    def leave(self, listener: Listener) -> None:
        if (login := _login_of(listener)) and login in self._streams:
            self._streams[login].discard(listener)
            if not self._streams[login]:
                del self._streams[login]

    def logins(self) -> list[Login]:
        return list(self._streams)

    def end_outdated(self, logins: list[Login], stamps: Mapping[int, int]) -> None:
        """End the streams of those `logins` whose person's stamp is another by now, or who is nobody any more."""
        for login in logins:
            person_id, stamp = login
            if stamps.get(person_id) != stamp:
                for listener in list(self._streams.get(login, ())):
                    listener.end()


def _login_of(listener: Listener) -> Login | None:
    reader = listener.reader
    return None if reader.person_id is None else (reader.person_id, reader.stamp)
