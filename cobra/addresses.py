"""Addresses of the site, of its files and of other services, as the environment says them.

What a wrong one is stays unsaid: it may have a password in it.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_DATABASE = (
    "DATABASE_URL is an address such as postgres://user:password@host:5432/name, with a password that is "
    "percent-encoded (p@ss is p%40ss)."
)
MAIL_TIMEOUT = 10  # seconds


def database(url: str) -> dict[str, Any]:
    """An entry of Django's DATABASES.

    Raises:
        ValueError: that is no address of a database.
    """
    try:
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, KeyError):
        raise ValueError(_DATABASE) from None
    if not found.get("ENGINE"):
        raise ValueError(_DATABASE)
    return found


def folder(path: str) -> Path:
    """Where the running site writes, made when it is missing.

    Raises:
        ValueError: this process may not write there.
    """
    found = Path(path)
    try:
        found.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"VAR_DIR is a folder to write into, and {path} cannot be made ({error.strerror}).") from None
    if not os.access(found, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids):
        raise ValueError(f"VAR_DIR is a folder to write into, and {path} may not be written to.")
    return found


def port(number: str) -> int:
    """Where the server listens.

    Raises:
        ValueError: that is no port.
    """
    if not (number.isascii() and number.isdigit() and int(number) < 2**16):
        raise ValueError("PORT is a number such as 8000.")
    return int(number)


def site(url: str) -> str:
    """Where people find the site, without a slash at the end. By its scheme all is decided that needs https.

    Raises:
        ValueError: that is no such address.
    """
    if _scheme_of(url) not in ("http", "https"):
        raise ValueError("SITE_URL is the address that people type, such as https://cobra.example.")
    return url.rstrip("/")


def redis(url: str) -> str:
    """Empty: there is none.

    Raises:
        ValueError: that is no address of a Redis.
    """
    if url and _scheme_of(url) not in ("redis", "rediss") and not url.startswith("unix://"):
        raise ValueError("REDIS_URL is an address such as redis://:password@host:6379/0.")
    return url


def mail(url: str) -> dict[str, Any]:
    """An entry of Django's MAILERS.

    Raises:
        ValueError: that is no address of a mail server.
    """
    try:
        found = environ.Env.email_url_config(url)
    except (ValueError, KeyError, ImproperlyConfigured):
        raise ValueError("MAIL_URL is an address such as smtp+tls://user:password@host:587.") from None
    backend = found["EMAIL_BACKEND"]
    if backend.endswith("filebased.EmailBackend"):
        return {"BACKEND": backend, "OPTIONS": {"file_path": urlsplit(url).path}}
    if not backend.endswith("smtp.EmailBackend"):
        return {"BACKEND": backend, "OPTIONS": {}}
    use_tls, use_ssl = bool(found.get("EMAIL_USE_TLS")), bool(found.get("EMAIL_USE_SSL"))
    options = {
        "host": found["EMAIL_HOST"],
        # Where mail of those who give a password is taken (RFC 8314), else where mail servers talk to each other.
        "port": int(found["EMAIL_PORT"] or (465 if use_ssl else 587 if use_tls else 25)),
        "username": found["EMAIL_HOST_USER"] or "",
        "password": found["EMAIL_HOST_PASSWORD"] or "",
        "use_tls": use_tls,
        "use_ssl": use_ssl,
        "timeout": MAIL_TIMEOUT,
    }
    return {"BACKEND": backend, "OPTIONS": options}


def _scheme_of(url: str) -> str:
    """Empty where no host follows it."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # no port at all, or half of an IPv6 address
        return ""
    return parts.scheme if has_host else ""
