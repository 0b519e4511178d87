"""What `/readyz` says while an operator does one step after the other."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from e2e.site import Site


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


def readiness(site: Site) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


def test_a_site_is_ready_once_its_tables_and_its_static_files_are_there(site: Site) -> None:
    site.start()
    assert readiness(site) == (503, "the database has not been migrated to this release\n")
    site.manage("migrate", "-v0")
    assert readiness(site) == (503, "static files were not collected before the start\n")
    site.manage("collectstatic", "--noinput", "-v0")
    site.stop()
    site.start()
    assert readiness(site) == (200, "ready\n")
