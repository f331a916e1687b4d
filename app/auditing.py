"""Are the logs as they were written? `mentorskap audit verify | proof | exposure`, for operators and auditors."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.features.access.guards import steward
from app.features.audit.queries.anchors import anchored_roots
from app.features.audit.queries.exposures import everybody_shown
from app.features.audit.queries.proofs import proof_of
from app.features.audit.queries.verifying import Finding, Verification
from app.kit.runtime import Runtime

TRACE = "0" * 32
MOST_TOLD = 20


class AnchorUnusable(Exception):  # noqa: N818  it is unusable; the message says why
    """The anchor file cannot be read. The message is for the operator."""


def verify(runtime: Runtime, anchor: Path | None, since: datetime | None) -> bool:
    """Print what is wrong, the first thing first, or how much is right. False when anything is wrong.

    Raises: AnchorUnusable.
    """
    lines: Iterable[tuple[int, str]] = () if anchor is None else _readable(anchor)
    with steward(runtime, TRACE) as scope:
        walk = Verification(scope.session, runtime.keyring(), lines, since)
        told = 0
        for finding in walk.findings():
            told += 1
            if told <= MOST_TOLD:
                print(_sentence(finding, is_first=told == 1))
    if told > MOST_TOLD:
        print(f"… and {told - MOST_TOLD} more.")
    if told == 0:
        print(f"{walk.checkpoints} checkpoints over {walk.rows} rows are as they were sealed.")
    if anchor is None:
        print("Without an anchor nobody can tell whether the newest checkpoints were taken away (--anchor FILE).")
    if walk.unsealed_since is not None:
        print(f"{walk.unsealed} rows wait to be sealed, the oldest since {walk.unsealed_since.isoformat()}.")
    return told == 0


def _readable(anchor: Path) -> Iterable[tuple[int, str]]:
    try:
        with anchor.open("rb"):
            pass
    except OSError as error:
        raise AnchorUnusable(f"The anchor file {anchor} cannot be read: {error.strerror}.") from error
    return anchored_roots(anchor)


def _sentence(finding: Finding, *, is_first: bool) -> str:
    where = f"checkpoint {finding.checkpoint}"
    if finding.log is not None:
        where += f", {finding.log.value} log, row {finding.row_id}"
    return f"{'FIRST: ' if is_first else ''}{where}: {finding.fault.value}"


def proof(runtime: Runtime, access_id: int) -> bool:
    """Print the proof of a line of the access log as JSON. False when there is no such line, or it is not sealed yet."""
    with steward(runtime, TRACE) as scope:
        found = proof_of(scope.session, access_id, is_told=True)
    if found is None:
        print("There is no such line, or it is not sealed yet.", file=sys.stderr)
        return False
    print(json.dumps(found.model_dump(mode="json", by_alias=True), ensure_ascii=False))
    return True


def exposure(
    runtime: Runtime, user_id: UUID | None, login_id: UUID | None, since: datetime | None, until: datetime | None
) -> bool:
    """Print everybody whose data was shown, of every holder, also those with protected identity and work on incidents.

    One line each: participant, holder, accesses, first, last, permissions. For the controller when a breach is
    suspected; nothing of it can be asked for over HTTP by those who may not know of the people.
    """
    with steward(runtime, TRACE) as scope:
        rows = everybody_shown(scope.session, user_id, login_id, since, until)
    print("participantId;partnerId;accesses;first;last;permissions")
    for row in rows:
        print(";".join(str(part) for part in row))
    return True
