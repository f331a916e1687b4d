"""How does an operator or auditor ask the sealed logs? `mentorskap audit verify | proof | exposure`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app import auditing
from app.kit.clock import STOCKHOLM
from app.kit.runtime import Runtime
from app.startup import opened

app = typer.Typer(help="The seals over the logs, for operators and auditors.", no_args_is_help=True)
AnchorFile = Annotated[Path | None, typer.Option("--anchor", help="The anchor file, best from another machine.")]
Since = Annotated[datetime | None, typer.Option(help="An instant, Swedish time unless it says otherwise.")]
UserId = Annotated[UUID | None, typer.Option("--user", help="Id of a user or service account.")]
LoginId = Annotated[UUID | None, typer.Option("--login", help="Id of a login session.")]


@app.command()
def verify(anchor: AnchorFile = None, since: Since = None) -> None:
    """Compute the seals over both logs anew; exit code 1 and the first bad row or checkpoint when anything differs."""
    _audit(lambda runtime: auditing.verify(runtime, anchor, _instant(since)))


@app.command()
def proof(access_id: int) -> None:
    """Print the proof that a line of the access log is sealed, as JSON (docs/examples has a script that checks it)."""
    _audit(lambda runtime: auditing.proof(runtime, access_id))


@app.command()
def exposure(user: UserId = None, login: LoginId = None, since: Since = None, until: Since = None) -> None:
    """Print everybody whose data a user, service account or login was shown, whoever holds them; for a breach."""
    if user is None and login is None:
        raise typer.BadParameter("say --user or --login")
    _audit(lambda runtime: auditing.exposure(runtime, user, login, _instant(since), _instant(until)))


def _audit(work: Callable[[Runtime], bool]) -> None:
    with opened() as runtime:
        is_right = work(runtime)
    if not is_right:
        raise typer.Exit(1)


def _instant(given: datetime | None) -> datetime | None:
    """As typed, in Swedish time."""
    return given if given is None or given.tzinfo else given.replace(tzinfo=STOCKHOLM)
