"""How does our own list get into Mentorskap? As a file that the server reads row by row; we follow it to its end."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from .client import Api
from .failures import NotConfigured, Refused
from .mirror import Mirror
from .words import say

TYPES = {
    ".csv": "text/csv",
    ".txt": "text/csv",
    ".tsv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FINAL = frozenset({"completed", "failed", "cancelled"})
WAITING = "awaitingFile"
POLL = 0.5
ROWS = 200
GONE = 404


@dataclass(frozen=True)
class Order:
    """What is to be done with a file."""

    file: Path
    kind: str
    is_dry_run: bool
    is_whole: bool
    cohort: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Headings of the file and the fields they mean, where the usual ones do not tell."""

    @property
    def media_type(self) -> str:
        """Raises: NotConfigured for an ending that no reader knows."""
        found = TYPES.get(self.file.suffix.lower())
        if found is None:
            raise NotConfigured(
                say(
                    f"{self.file}: a file of rows ends in {', '.join(TYPES)}.",
                    f"{self.file}: en fil med rader slutar på {', '.join(TYPES)}.",
                )
            )
        return found

    def body(self, system: str) -> dict[str, Any]:
        """The order as the API takes it."""
        return {
            "kind": self.kind,
            "format": "auto",
            "mapping": dict(self.mapping),
            "externalSystem": system,
            "isDryRun": self.is_dry_run,
            "mode": "wholeOrNothing" if self.is_whole else "rowByRow",
            **({} if self.cohort is None else {"cohortId": self.cohort}),
        }


@dataclass
class Pushed:
    """What became of a file: the import as the server tells it, and its rows that were not left as they were."""

    order: Mapping[str, Any]
    rows: list[Mapping[str, Any]]
    is_resumed: bool

    @property
    def refused(self) -> int:
        return int(self.order["counts"]["refused"])

    @property
    def is_held_back(self) -> bool:
        """Whether rows were right and are not stored, because others were refused."""
        return bool(self.is_completed and not self.order["isApplied"] and not self.order["isDryRun"])

    @property
    def is_completed(self) -> bool:
        return bool(self.order["status"] == "completed")


def push(api: Api, mirror: Mirror, order: Order, tell: Callable[[int, int], None]) -> Pushed:
    """Send the file and wait until the server is done with it; a run that was cut off is taken up where it stopped.

    Raises: NotConfigured when the file cannot be read; what `Api.send` raises.
    """
    media_type, content = order.media_type, _content(order.file)
    made, is_resumed = _begun(api, mirror, order, content)
    address = f"/imports/{made['id']}"
    if made["status"] == WAITING:
        headers = {"Content-Type": media_type, "If-Match": "*"}
        made = api.send("PUT", f"{address}/file", content=content, headers=headers).json()
    made = _followed(api, address, made, tell)
    rows = [row for row in _rows(api, address) if row["outcome"] != "unchanged"]
    mirror.keep({"import": None})
    return Pushed(made, rows, is_resumed)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NotConfigured(say(f"{file} cannot be read: {error}", f"{file} går inte att läsa: {error}")) from None


def _begun(api: Api, mirror: Mirror, order: Order, content: bytes) -> tuple[Any, bool]:
    """The import of this very file and order that was begun and not seen to its end, or a new one."""
    body = order.body(api.settings.system)
    mark = hashlib.sha256(json.dumps(body, sort_keys=True).encode() + b"\0" + content).hexdigest()
    noted = json.loads(mirror.note("import") or "{}")
    if noted.get("mark") != mark:
        noted = {"mark": mark, "key": str(uuid4())}
        mirror.keep({"import": json.dumps(noted)})
    elif "id" in noted and (found := _still_there(api, noted["id"])) is not None:
        return found, True
    # The key is kept before it is sent: if the answer is lost, the next run is told of the same import.
    response = api.send("POST", f"/partners/{api.settings.partner}/imports", json=body, key=noted["key"])
    made = response.json()
    mirror.keep({"import": json.dumps({**noted, "id": made["id"]})})
    return made, False


def _still_there(api: Api, identity: str) -> Any:
    try:
        return api.get(f"/imports/{identity}")
    except Refused as refused:
        if refused.status != GONE:
            raise
        return None


def _followed(api: Api, address: str, made: Any, tell: Callable[[int, int], None]) -> Any:
    wait = POLL
    while made["status"] not in FINAL:
        api.pause(wait)
        wait = min(wait * 1.5, 10.0)
        made = api.get(address)
        tell(made["progress"]["done"], made["progress"]["total"] or 0)
    return made


def _rows(api: Api, address: str) -> Iterator[Any]:
    page = 1
    while True:
        found = api.get(f"{address}/rows", page=page, limit=ROWS)
        yield from found["items"]
        if len(found["items"]) < ROWS:
            return
        page += 1
