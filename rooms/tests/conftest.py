"""What several tests of rooms begin with."""

import pytest
from django.conf import LazySettings

from cobra import grip
from rooms.tests.pushpin import KEY, Recorder


@pytest.fixture
def pushpin(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams are held at the edge; what is told there is in `rooms.tests.pushpin.TOLD`."""
    settings.EDGE_URL = f"http://127.0.0.1:5561?key={KEY}&verify-iss=pushpin"
    monkeypatch.setattr(grip, "Publisher", Recorder)
