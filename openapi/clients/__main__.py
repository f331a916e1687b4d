"""What does `make clients` do? Generates both clients below `build/` from the committed document, and checks them."""

import json
import time
from pathlib import Path

from openapi.clients import python, typescript
from openapi.clients.toolbox import ROOT, ToolFailed

DOCUMENT = ROOT / "openapi" / "openapi.json"


def make(document: Path = DOCUMENT) -> None:
    """Raises: SystemExit naming what failed, or what a client leaves out."""
    paths = json.loads(document.read_text(encoding="utf-8"))["paths"]
    wanted = {operation["operationId"] for item in paths.values() for operation in item.values()}
    for name, maker, spelt in (
        ("TypeScript", typescript, {one: one for one in wanted}),
        ("Python", python, {one: python.spelt(one) for one in wanted}),
    ):
        began = time.monotonic()
        try:
            client = maker.generate(document)
            maker.check(client)
        except ToolFailed as failed:
            raise SystemExit(f"{name}: {failed}") from None
        left_out = sorted(one for one in wanted if spelt[one] not in maker.operations(client))
        if left_out:
            raise SystemExit(f"{name}: the client lacks {', '.join(left_out)}.")
        seconds = time.monotonic() - began
        print(f"{name}: {len(wanted)} operations, no warning, {seconds:.0f} s: {client.relative_to(ROOT)}")


if __name__ == "__main__":
    make()
