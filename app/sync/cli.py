"""`mentorskap-sync init | check | push | pull`: what a volunteer centre runs by hand once, and every night by itself."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from . import settings
from .client import Api
from .failures import Failure, NotConfigured
from .mirror import Mirror
from .pulling import ADDRESSES, Pulled, pull
from .pushing import Order, Pushed, push
from .words import say
from .writing import write

SOME_REFUSED = 1
SHOWN = 20
"""Rows that are listed on a screen; with --json all of them."""

ABOUT = say(
    """Keep your own list of volunteers and Mentorskap alike.

1. mentorskap-sync init      writes a file of settings; fill it in
2. mentorskap-sync check     does the login work, and what may it do?
3. mentorskap-sync push mentors.xlsx --dry-run     what would change?
4. mentorskap-sync push mentors.xlsx               change it
5. mentorskap-sync pull --to folder                fetch what has changed since last time

People are found by your register's name and your own number; nobody who is left out of a file is taken away.
Run push and pull each night by cron or Task Scheduler: each goes on where the last one stopped.

Exit codes: 0 done; 1 done, but some rows were refused; 2 the command was misspelt; 3 mend the settings or the login;
4 the server has no time: run it again later; 5 the server refused.""",
    """Håll ert eget register över volontärer och Mentorskap lika.

1. mentorskap-sync init      skriver en fil med inställningar; fyll i den
2. mentorskap-sync check     fungerar inloggningen, och vad får den göra?
3. mentorskap-sync push mentorer.xlsx --dry-run     vad skulle ändras?
4. mentorskap-sync push mentorer.xlsx               ändra det
5. mentorskap-sync pull --to mapp                   hämta det som har ändrats sedan sist

Personer hittas med registrets namn och ert eget nummer; ingen som saknas i en fil tas bort.
Kör push och pull varje natt med cron eller Schemaläggaren: varje körning fortsätter där den förra slutade.

Slutkoder: 0 klart; 1 klart, men några rader avvisades; 2 kommandot är felskrivet; 3 rätta inställningarna eller
inloggningen; 4 servern har inte tid: kör igen senare; 5 servern sa nej.""",
)
app = typer.Typer(help=ABOUT, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
screen = Console(stderr=True, highlight=False)

Config = Annotated[
    Path, typer.Option("--config", help=say("The file of settings.", "Filen med inställningar."), show_default=True)
]
AsJson = Annotated[
    bool, typer.Option("--json", help=say("One JSON object instead of words.", "Ett JSON-objekt i stället för ord."))
]


@app.command(help=say("Write a file of settings to fill in.", "Skriv en fil med inställningar att fylla i."))
def init(config: Config = settings.DEFAULT) -> None:
    """Never replaces a file that is there."""
    with _explained(as_json=False):
        config.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise NotConfigured(
                say(f"{config} cannot be made: {error}", f"{config} går inte att skapa: {error}")
            ) from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(settings.EXAMPLE)
        print(say(f"Fill in {config}", f"Fyll i {config}"))


@app.command(help=say("Log in, and tell what the login may do.", "Logga in och visa vad inloggningen får göra."))
def check(config: Config = settings.DEFAULT, as_json: AsJson = False) -> None:
    """Changes nothing."""
    with _explained(as_json=as_json), Api.open(settings.read(config)) as api:
        info, me = api.get("/api-info"), api.get("/me")
        found = {"server": api.settings.server, "apiVersion": info["apiVersion"], "me": me}
        _tell(
            found,
            say(
                f"Logged in at {api.settings.server} (version {info['apiVersion']}) as {me['name']}.",
                f"Inloggad på {api.settings.server} (version {info['apiVersion']}) som {me['name']}.",
            ),
            as_json=as_json,
        )


@app.command(name="push", help=say("Send a spreadsheet.", "Skicka ett kalkylblad."))
def push_file(  # noqa: PLR0913, PLR0917  one for each switch of the command
    file: Annotated[Path, typer.Argument(help=say("CSV, XLSX or NDJSON.", "CSV, XLSX eller NDJSON."))],
    kind: Annotated[
        str, typer.Option(help=say("What the rows are: participants, availability, enrolments.", "Vad raderna är."))
    ] = "participants",
    cohort: Annotated[
        str | None, typer.Option(help=say("The cohort's id, for enrolments.", "Omgångens id, för enrolments."))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Tell what would change.", "Visa vad som skulle ändras."))
    ] = False,
    whole: Annotated[
        bool,
        typer.Option("--whole", help=say("All rows, or none if one is refused.", "Alla rader, eller ingen vid fel.")),
    ] = False,
    mapped: Annotated[
        list[str] | None,
        typer.Option(
            "--map", help=say("HEADING=field, where a heading is unusual.", "RUBRIK=fält, för ovanliga rubriker.")
        ),
    ] = None,
    config: Config = settings.DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Rows are found by the register's name and their own number; those of people left out stay as they are."""
    order = Order(file, kind, is_dry_run=dry_run, is_whole=whole, cohort=cohort, mapping=_mapping(mapped or []))
    with _explained(as_json=as_json):
        found = settings.read(config)
        with Mirror.open(found) as mirror, Api.open(found) as api, _bar(as_json=as_json) as tell:
            done = push(api, mirror, order, tell)
        _tell({"import": done.order, "rows": done.rows}, _words_of(done, is_dry_run=dry_run), as_json=as_json)
        if not done.is_completed:
            raise typer.Exit(Failure.exit_code)
        if done.refused:
            raise typer.Exit(SOME_REFUSED)


@app.command(name="pull", help=say("Fetch what has changed since last time.", "Hämta det som ändrats sedan sist."))
def pull_changes(
    to: Annotated[
        Path,
        typer.Option(
            help=say(
                "A folder (for CSV files), an .xlsx or an .sqlite file.", "En mapp (CSV), .xlsx- eller .sqlite-fil."
            )
        ),
    ],
    only: Annotated[
        list[str] | None, typer.Option(help=say("Only this kind; may be repeated.", "Bara det slaget; kan upprepas."))
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help=say("Read everything anew.", "Läs allt på nytt."))
    ] = False,
    config: Config = settings.DEFAULT,
    as_json: AsJson = False,
) -> None:
    """The files hold what you may see now, whole; what you may no longer see is taken out of them."""
    kinds = only or list(ADDRESSES)
    if unknown := sorted(set(kinds) - ADDRESSES.keys()):
        raise typer.BadParameter(f"{', '.join(unknown)}: {', '.join(ADDRESSES)}", param_hint="--only")
    with _explained(as_json=as_json):
        found = settings.read(config)
        with Mirror.open(found) as mirror, Api.open(found) as api, _bar(as_json=as_json) as tell:
            if from_start:
                mirror.forget()
            done = pull(api, mirror, kinds, lambda so_far: tell(so_far.changes, 0))
            files = write(mirror, kinds, to)
        _tell(_facts_of(done, files), _words_of_pull(done, to), as_json=as_json)


def _mapping(given: list[str]) -> dict[str, str]:
    parted = [one.rpartition("=") for one in given]
    if wrong := [one for one, (heading, _, name) in zip(given, parted, strict=True) if not heading or not name]:
        raise typer.BadParameter(", ".join(wrong), param_hint="--map")
    return {heading: name for heading, _, name in parted}


def _facts_of(done: Pulled, files: list[Path]) -> dict[str, Any]:
    return {
        "changes": done.changes,
        "stored": done.stored,
        "removed": done.removed,
        "isFromStart": done.is_from_start,
        "withoutRight": sorted(done.without_right),
        "files": [str(file) for file in files],
    }


def _words_of_pull(done: Pulled, to: Path) -> str:
    lines = [
        say(
            f"{done.changes} changes read; {done.stored} things new or different, {done.removed} gone. Written: {to}",
            f"{done.changes} ändringar lästa; {done.stored} nya eller ändrade, {done.removed} borta. Skrivet: {to}",
        )
    ]
    if done.without_right:
        names = ", ".join(sorted(done.without_right))
        lines.append(say(f"The service account may not read: {names}", f"Servicekontot får inte läsa: {names}"))
    return "\n".join(lines)


def _words_of(done: Pushed, *, is_dry_run: bool) -> str:
    counts = done.order["counts"]
    head = say("Would be: ", "Skulle bli: ") if is_dry_run else ""
    lines = [
        head
        + say(
            f"{counts['created']} new, {counts['changed']} changed, {counts['unchanged']} unchanged, {counts['refused']} refused.",
            f"{counts['created']} nya, {counts['changed']} ändrade, {counts['unchanged']} lika, {counts['refused']} avvisade.",
        )
    ]
    if done.order["problem"] is not None:
        lines = [_why(done.order["problem"])]
    elif done.is_held_back:
        lines.append(say("Nothing was stored: some rows were refused.", "Inget sparades: några rader avvisades."))
    lines += [_line(row) for row in done.rows[:SHOWN]]
    if len(done.rows) > SHOWN:
        lines.append(
            say(f"… and {len(done.rows) - SHOWN} more: see --json", f"… och {len(done.rows) - SHOWN} till: se --json")
        )
    return "\n".join(lines)


def _why(problem: Mapping[str, Any]) -> str:
    """Why the file as a whole was not taken: the code is explained in the server's list of errors."""
    where = say(f", line {problem['line']}", f", rad {problem['line']}") if problem["line"] else ""
    return say(f"The file was not taken: {problem['code']}{where}", f"Filen togs inte emot: {problem['code']}{where}")


def _line(row: Mapping[str, Any]) -> str:
    """One row of a file: its line, number and what became of it; names of fields, never what stands in them."""
    words = {
        "created": say("new", "ny"),
        "changed": say("changed", "ändrad"),
        "refused": say("refused", "avvisad"),
    }
    said = [f"  {row['line']:>6}", row.get("externalId") or "-", words.get(row["outcome"], row["outcome"])]
    said += [", ".join(row.get("changedFields") or [])]
    said += [f"{row['message']} ({row['problemCode']})", row["pointer"] or ""] if row["problemCode"] else []
    said += [say("possible duplicate", "möjlig dubblett")] if row["possibleDuplicates"] else []
    return "  ".join(part for part in said if part)


def _tell(facts: Mapping[str, Any], words: str, *, as_json: bool) -> None:
    print(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else words)


@contextmanager
def _bar(*, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar for a person who watches; nothing in a log."""
    if as_json or not screen.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=screen, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


@contextmanager
def _explained(*, as_json: bool) -> Iterator[None]:
    """A failure ends the command with its exit code and words for a person, never with a traceback."""
    try:
        yield
    except Failure as failure:
        if as_json:
            print(json.dumps({"error": str(failure), "code": getattr(failure, "code", "")}, ensure_ascii=False))
        else:
            screen.print(str(failure), style="red", markup=False)
        raise typer.Exit(failure.exit_code) from None


def main() -> None:
    """The command, in UTF-8 on every system: a Windows console would not take å, ä, ö from a file."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    app()


if __name__ == "__main__":
    main()
