"""How does the ledger of erasures outlive a restore? `mentorskap erasures export | replay`."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer

from app.features.access.guards import steward
from app.features.rights.actions import replay_ledger
from app.features.rights.queries import ledger
from app.startup import Stop, opened

app = typer.Typer(help="The ledger of erasures, which outlives a restore.", no_args_is_help=True)


@app.command("export")
def export_erasures(path: Path) -> None:
    """Write the ledger of erasures to a file, which is kept apart from the backups: digests, codes and days."""
    with opened() as runtime:
        with steward(runtime, uuid4().hex) as scope:
            document = ledger(scope.session)
        path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        print(f"{len(document['entries'])} erasures written to {path}.")


@app.command("replay")
def replay_erasures(path: Path) -> None:
    """After a restore: erase again whom the ledger names and the backup has brought back."""
    with opened() as runtime:
        document = _read_json(path)
        with steward(runtime, uuid4().hex) as scope:
            told, erased = replay_ledger(scope, document)
        print(f"{told} erasures in the file, {erased} people erased again.")


def _read_json(path: Path) -> Any:
    """Raises: Stop for a file that cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise Stop(f"The file {path} cannot be read: {type(wrong).__name__}") from wrong
