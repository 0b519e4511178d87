"""Where uploaded pictures are kept, as the environment says it."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit


def storage(text: str) -> dict[str, Any]:
    """Read `MEDIA_STORAGE`: a storage class, with its options as in an address.

    `storages.backends.s3.S3Storage?bucket_name=pictures&region_name=ap-northeast-2`
    """
    backend, _, options = text.partition("?")
    return {"BACKEND": backend, "OPTIONS": dict(parse_qsl(options))}


def origin(url: str) -> str:
    """The scheme and host of an address elsewhere; nothing for a path of this site."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""
