"""Files to import."""

import json
from pathlib import Path
from typing import Any

import pytest

from board.tests.importing.elsewhere import Write


@pytest.fixture
def jsonl(tmp_path: Path) -> Write:
    """`jsonl(record, …, name="a.jsonl")`: a file of these."""

    def write(*records: Any, name: str = "file.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")
        return path

    return write
