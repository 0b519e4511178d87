#!/usr/bin/env python
"""Django's command line for Cobra Space."""

import os
import sys

if sys.version_info < (3, 12):  # noqa: UP036  the message is for whoever started it with an older one
    sys.exit("Python 3.12+ 이 필요합니다. / Cobra Space needs Python 3.12 or newer.")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cobra.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
