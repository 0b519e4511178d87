"""The mails of a site that has no mail server: it prints them."""

import email
import email.policy
import re
import time

from e2e.site import Site

RULE = "-" * 79  # between two mails


def letter_to(address: str, site: Site, about: str = "") -> str:
    """The text of the newest mail to this address with `about` in it; it is sent off the request, so it may take a
    moment.

    Raises:
        AssertionError: none within 10 s.
    """
    until = time.monotonic() + 10
    while time.monotonic() < until:
        mails = site.log.read_text().split(RULE)[:-1]
        for text in reversed(mails):
            if f"\nTo: {address}\n" in text:
                start = text.index("Content-Type:")
                said = str(email.message_from_string(text[start:], policy=email.policy.default).get_content())
                if about in said:
                    return said
        time.sleep(0.05)
    raise AssertionError(f"no mail to {address}")


def link_in(letter: str) -> str:
    """The one link of a mail."""
    (link,) = re.findall(r"https?://\S+", letter)
    return str(link)
