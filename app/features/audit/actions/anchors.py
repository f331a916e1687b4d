"""How do checkpoints get outside the database, where whoever owns it cannot take them back?

The anchor is a file with one JSON object a line: best on another machine, or one that can only be appended to.
"""

import json
import os
from pathlib import Path
from typing import Any

from app.features.audit.queries.anchors import last_anchored
from app.features.audit.tables import AuditSeal


def append_to_anchor(path: Path, seals: list[AuditSeal]) -> int:
    """Append the checkpoints that the anchor does not have yet, and bring them to the disk; answers how many.

    Raises: OSError.
    """
    last, is_torn = last_anchored(path)
    fresh = [seal for seal in seals if seal.number > last]
    if not fresh:
        return 0
    lines = "".join(json.dumps(anchored(seal)) + "\n" for seal in fresh)
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + lines if is_torn else lines)
        file.flush()
        os.fsync(file.fileno())
    return len(fresh)


def anchored(seal: AuditSeal) -> dict[str, Any]:
    """What the outside keeps of a checkpoint."""
    return {
        "number": seal.number,
        "at": seal.at.isoformat(),
        "root": seal.root,
        "kid": seal.kid,
        "signature": seal.signature,
    }
