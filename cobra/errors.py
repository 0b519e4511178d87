"""Why something is refused. A view turns it into a form's error or a sentence, with its status and headers."""


class Refusal(Exception):
    """A model does not do what somebody asked; `str()` says why, in the reader's language."""

    status = 422

    def __str__(self) -> str:
        raise NotImplementedError

    @property
    def headers(self) -> dict[str, str]:
        return {}
