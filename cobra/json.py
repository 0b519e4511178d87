"""How values stand in JSON: times in Seoul, addresses with the site's name, Korean as Korean."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.timezone import localtime
from ninja.responses import NinjaJSONEncoder

SEOUL = ZoneInfo("Asia/Seoul")


class Encoder(NinjaJSONEncoder):
    def default(self, o: Any) -> Any:
        return seoul_time(o) if isinstance(o, datetime) else super().default(o)


def seoul_time(moment: datetime) -> str:
    """ISO 8601 with its offset: `2026-11-25T21:30:00.000+09:00`."""
    return localtime(moment, SEOUL).isoformat(timespec="milliseconds")


def dumps(data: Any) -> str:
    return json.dumps(data, cls=Encoder, ensure_ascii=False)


def absolute(path: str) -> str:
    """An address on this site as a program needs it. The same for every reader, so that answers can be shared."""
    return urljoin(str(settings.SITE_URL), path)
