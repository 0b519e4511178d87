"""Parts of addresses."""


class UnicodeSlug:
    """A tag's slug: letters and digits of any script, `-` and `_`."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
