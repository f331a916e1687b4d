"""What does the anchor file say? A line that a crash has torn is passed over; the checkpoint stands again further on."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

TAIL_BYTES = 4096


def last_anchored(path: Path) -> tuple[int, bool]:
    """The number of the last checkpoint in the anchor (0: none yet), and whether its last line was torn."""
    if not path.exists():
        return 0, False
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    numbers = [number for number, _ in _read(tail.decode("utf-8", "replace").splitlines())]
    return max(numbers, default=0), bool(tail) and not tail.endswith(b"\n")


def anchored_roots(path: Path) -> Iterator[tuple[int, str]]:
    """Number and root of every checkpoint in the anchor, in its order. Raises: OSError."""
    with path.open(encoding="utf-8", errors="replace") as file:
        yield from _read(file)


def _read(lines: Iterator[str] | list[str]) -> Iterator[tuple[int, str]]:
    for line in lines:
        try:
            told = json.loads(line)
            yield int(told["number"]), str(told["root"])
        except (ValueError, KeyError, TypeError):
            continue
