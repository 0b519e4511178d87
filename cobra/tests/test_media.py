"""Where pictures are kept, as the environment says it."""

import json
from pathlib import Path

from cobra.media import origin, storage
from cobra.tests.test_environment import manage


def test_a_storage_has_its_options_behind_a_question_mark() -> None:
    assert storage("a.b.Storage") == {"BACKEND": "a.b.Storage", "OPTIONS": {}}
    options = {"bucket_name": "pictures", "endpoint_url": "https://s3.example"}
    assert storage("a.b.Storage?bucket_name=pictures&endpoint_url=https://s3.example") == {
        "BACKEND": "a.b.Storage",
        "OPTIONS": options,
    }


def test_only_an_address_elsewhere_has_an_origin() -> None:
    assert origin("/media/") == ""
    assert origin("https://pictures.example:8443/cobra/") == "https://pictures.example:8443"


def test_pages_may_show_pictures_of_this_site_and_of_where_they_are_kept(tmp_path: Path) -> None:
    show = "import json; from django.conf import settings; print(json.dumps(settings.SECURE_CSP['img-src']))"
    policies = [
        json.loads(manage("shell", "-v0", "-c", show, VAR_DIR=str(tmp_path), MEDIA_URL=url).stdout)
        for url in ("/media/", "https://pictures.example/cobra/")
    ]
    assert policies == [["'self'"], ["'self'", "https://pictures.example"]]
