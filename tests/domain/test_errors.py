"""Is every problem described once, in both languages?"""

import json
from pathlib import Path

import pytest

from app.domain import errors


def test_every_code_has_a_status_and_two_titles() -> None:
    for code, text in errors.catalogue().items():
        assert 400 <= text.status <= 503, code
        assert text.en, code
        assert text.sv, code


def test_a_code_described_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps({"x.y": {"status": 409, "en": "X.", "sv": "Y."}}))
    monkeypatch.setattr(errors, "files", lambda _package: tmp_path)
    with pytest.raises(ValueError, match=r"x\.y is described twice"):
        errors.catalogue.__wrapped__()
