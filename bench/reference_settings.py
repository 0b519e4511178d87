"""The site with one address more: the POST that saying a line is compared with."""

from cobra.settings import *  # noqa: F403

ROOT_URLCONF = "bench.reference_urls"
