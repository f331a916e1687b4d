"""A partner whose system sends files, and a worker that does them at once."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook  # noqa: TID251  what other systems write

from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.imports.jobs import run_import
from tests.world import World

SCOPES = [
    "partner:read", "import:read", "import:create", "participant:create", "participant:update", "participant:read",
    "enrolment:create", "enrolment:read", "cohort:read",
]  # fmt: skip
HEADER = ["Externt id", "Förnamn", "Efternamn", "Född", "Kön", "E-post", "Telefon", "Tider"]
TYPES = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def person(number: int, **over: str) -> list[str]:
    """A row under `HEADER`; `over` by the heading's first letters."""
    row = [
        f"m-{number}",
        "Påhittad",
        f"Person {number}",
        "17/5/1980",
        "kvinna",
        f"m{number}@example.org",
        "",
        "mån 17-20",
    ]
    for heading, value in over.items():
        row[next(place for place, name in enumerate(HEADER) if name.startswith(heading))] = value
    return row


def table(rows: list[list[str]], *, delimiter: str = ";", encoding: str = "utf-8", header: list[str] = HEADER) -> bytes:
    lines = [delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in [header, *rows]]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def workbook(rows: list[list[Any]], header: list[Any] = HEADER) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [header, *rows]:
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


class Sender:
    def __init__(self, world: World, role: Role = Role.SERVICE) -> None:
        self.world = world
        self.id = world.partner()
        email = None if role is Role.SERVICE else f"s{world.number()}@example.org"
        self.user: UserAccount = world.add(
            UserAccount(name="System", role=role, partner_id=self.id, email=email, scopes=SCOPES)
            if role is Role.SERVICE
            else UserAccount(name="Påhittad", role=role, partner_id=self.id, email=email)
        )
        self.client = world.client_for(self.user)

    def announce(self, **over: Any) -> str:
        body = {"kind": "participants", "externalSystem": "crm", **over}
        made = self.client.made(f"/partners/{self.id}/imports", body)
        assert made["status"] == "awaitingFile"
        return f"/imports/{made['id']}"

    def put(self, path: str, content: Any, form: str = "csv", **headers: str) -> Any:
        return self.client.call(
            "PUT", path + "/file", content=content, headers={"Content-Type": TYPES[form], **headers}
        )

    def work(self, path: str) -> dict[str, Any]:
        run_import(self.world.runtime, path.rpartition("/")[2])
        found: dict[str, Any] = self.client.get(path).json()
        return found

    def send(self, content: bytes, form: str = "csv", **over: Any) -> dict[str, Any]:
        path = self.announce(**over)
        sent = self.put(path, content, form)
        assert sent.status_code == 202, sent.text
        assert sent.headers["location"].endswith(path)
        return self.work(path)

    def rows(self, done: dict[str, Any], outcome: str = "") -> list[dict[str, Any]]:
        asked = f"/imports/{done['id']}/rows?limit=200" + (f"&outcome={outcome}" if outcome else "")
        found: list[dict[str, Any]] = self.client.get(asked).json()["items"]
        return found

    def person(self, key: str) -> Any:
        return self.client.get(f"/partners/{self.id}/participants/by-external-id/crm/{key}")


def counted(done: dict[str, Any]) -> tuple[int, ...]:
    return tuple(done["counts"][name] for name in ("created", "changed", "unchanged", "refused", "notApplied"))
