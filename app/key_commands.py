"""How does an operator change the signing keys? `mentorskap keys list | next | activate | revoke | prune`.

Running processes read the file again by themselves.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.kit import rotation
from app.kit.clock import now
from app.kit.keyfile import KeyFileUnusable
from app.settings import Settings

app = typer.Typer(help="Signing keys: next → active → retiring → removed.", no_args_is_help=True)
AtOnce = Annotated[bool, typer.Option("--at-once", help="Do not wait until the key was published for a day.")]


@app.command("list")
def list_keys() -> None:
    """Show every key: its state, since when, and its id."""
    with _file() as path:
        for key in rotation.standings(path):
            print(f"{key.state:<10} {key.since[:16]:<17} {key.kid}")


@app.command("next")
def make_next() -> None:
    """Make the key that signs next, and publish it."""
    _tell(rotation.make_next, "is published; activate it in a day.")


@app.command()
def activate(at_once: AtOnce = False) -> None:  # noqa: FBT002  a switch of a command is off by default
    """Let the next key sign; the one before still verifies until `prune`."""
    _tell(lambda path, at: rotation.activate(path, at, is_at_once=at_once), "signs from now on.")


@app.command()
def revoke(kid: str) -> None:
    """Take a key out of force at once: everybody with a token of it logs in or renews anew."""
    _tell(lambda path, at: rotation.revoke(path, kid, at), "signs; the revoked key is out of force.")


@app.command()
def prune() -> None:
    """Remove keys that retired at least fifteen minutes ago."""
    with _file() as path:
        print(f"Removed: {rotation.prune(path, now())}.")


def _tell(change: Callable[[Path, datetime], str], what: str) -> None:
    with _file() as path:
        print(f"{change(path, now())} {what}")


@contextmanager
def _file() -> Iterator[Path]:
    try:
        yield Settings().keys_file
    except (rotation.KeyChangeRefused, KeyFileUnusable) as refused:
        print(f"mentorskap: {refused}", file=sys.stderr)
        raise typer.Exit(1) from None
