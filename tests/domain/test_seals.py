"""Is there one spelling of what is sealed, and is what is no list of entries refused?"""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from app.domain.seals import ENTRY_BYTES, MARKS, Entry, Log, read_entries, spell

ENTRY = Entry(Log.CHANGE, 7, bytes(range(32)))
STORED = MARKS[Log.CHANGE] + (7).to_bytes(8, "big", signed=True) + bytes(range(32))


def test_entries_are_read_as_they_were_written() -> None:
    assert len(STORED) == ENTRY_BYTES
    assert list(read_entries(STORED * 2)) == [ENTRY, ENTRY]
    assert list(read_entries(b"")) == []


@pytest.mark.parametrize("stored", [STORED[:-1], STORED + b"x", b"\xff" + STORED[1:], STORED + b"\xff" + STORED[1:]])
def test_anything_else_is_no_list(stored: bytes) -> None:
    with pytest.raises(ValueError, match="not a list of entries"):
        list(read_entries(stored))


def test_the_same_instant_and_id_are_spelled_the_same() -> None:
    here = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    identity = UUID("0199C0DE-0000-7000-8000-00000000000A")
    told = spell({"b": here, "a": [identity, "å", None, 1]})
    assert told == '{"a":["0199c0de-0000-7000-8000-00000000000a","å",null,1],"b":"2026-03-02T09:00:00.000000Z"}'
    assert told == spell({"a": [identity, "å", None, 1], "b": here.astimezone(UTC)})


def test_what_has_no_spelling_is_not_sealed() -> None:
    with pytest.raises(TypeError, match="a set has no spelling"):
        spell({"a": {1}})
