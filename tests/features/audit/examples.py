"""What does the script that anybody can check a proof with say of it? It is run as it stands in `docs/examples`."""

import runpy
from pathlib import Path
from typing import Any

from tests.world import World

SCRIPT = runpy.run_path(str(Path(__file__).parents[3] / "docs" / "examples" / "verify_access_record.py"))


def verify(proof: dict[str, Any], world: World) -> list[str]:
    """The faults that the script names."""
    jwks = world.anonymous.get("//root/.well-known/jwks.json").json()
    try:
        return list(SCRIPT["check"](proof, jwks))
    except (ValueError, KeyError) as broken:
        return [repr(broken)]
