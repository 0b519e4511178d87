"""A community in a process of its own, asked over pipes. `python -m bench.asking POSTS [FILE…]`.

Reads names of pages from its input, a line each; answers each with the milliseconds of processor time that the page
took of this process and of its database, and `plans` with what is wrong with the plans of all pages' statements.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.content import RARE

KIND = "client backend"
COMMON, SYLLABLES, SAID = "React", "상태", "안녕하세요, 커넥션 풀 이야기예요."


def main(posts: int, files: list[Path]) -> None:
    import django

    django.setup(set_prefix=False)
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from accounts.models import User
    from bench.content import Content
    from bench.filling import Community, Filling

    call_command("migrate", verbosity=0)
    setup_test_environment()
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    kept = Path(settings.VAR_DIR) / "community.json"
    if kept.exists() and User.objects.exists():  # a PostgreSQL that was thrown away left its folder
        community = Community(*json.loads(kept.read_text()))
    else:
        community = Filling(Content(files), posts).run()
        kept.write_text(json.dumps(community))
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(pk=1))
    print("ready", flush=True)
    serve(pages(client, community))


def pages(client: Any, community: Any) -> dict[str, Callable[[], Any]]:
    room = f"/posts/{community.room}/"
    partial = {"HX-Request": "true", "HX-Request-Type": "partial"}
    search = "/search/"
    return {
        "list": lambda: client.get("/"),
        "list, second page": lambda: client.get(f"/?before={community.room}"),
        "list, live": lambda: client.get("/?sort=live"),
        "list, unanswered": lambda: client.get("/?sort=unanswered"),
        "list of a category": lambda: client.get("/categories/debugging/"),
        "list of a tag": lambda: client.get("/tags/태그3/"),
        "list of bookmarks": lambda: client.get("/?bookmarked=1"),
        "post page": lambda: client.get(room),
        "room page": lambda: client.get(f"{room}room/?before={community.line}"),
        "saying a line": lambda: client.post(f"{room}room/lines/", {"body": SAID}, headers=partial),
        "search, rare word": lambda: client.get(search, {"q": RARE}),
        "search, common word": lambda: client.get(search, {"q": COMMON}),
        "search, two syllables": lambda: client.get(search, {"q": SYLLABLES}),
        "search, two words": lambda: client.get(search, {"q": f"{COMMON} {SYLLABLES}"}),
        "as somebody types": lambda: client.get(f"{search}suggest/", {"q": SYLLABLES}, headers=partial),
        "search in a room": lambda: client.get(search, {"q": SYLLABLES, "room": community.room}),
    }


def database_processes() -> list[Path]:
    """Where Linux counts the time of PostgreSQL's processes for us; SQLite has none of its own."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = %s", [KIND]
        )
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


def spent(backends: list[Path]) -> float:
    """Seconds of a processor so far."""
    return time.process_time() + sum(int(path.read_text().split()[0]) for path in backends) / 1e9


def serve(asks: dict[str, Callable[[], Any]]) -> None:
    from bench.plans import growing_tables, scans, statements

    for name in map(str.strip, sys.stdin):
        if name == "plans":
            growing, wrong = growing_tables(), {}
            for each, ask in asks.items():
                with statements() as asked:
                    ask()
                wrong[each] = scans(asked, growing)
            print(json.dumps(wrong), flush=True)
            continue
        backends = database_processes()
        began = spent(backends)
        response = asks[name]()
        took = (spent(backends) - began) * 1_000
        if response.status_code not in (200, 201):
            raise SystemExit(f"{name}: {response.status_code}")
        print(took, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cobra.settings")
    main(int(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
