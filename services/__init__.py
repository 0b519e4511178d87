"""Tests beside real PostgreSQL, Redis, Pushpin and nginx, started privately: `make test-services`.

`python -m services COMMAND …` runs a command beside a private PostgreSQL; the tests in this folder start, stop and
break whole sites of several processes.
"""
