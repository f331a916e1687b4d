"""Where does a caller come upon the person? Every reading operation of the document, with every id about them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.features.access.tables import Guarded
from tests.contracts.document import all_operations
from tests.features.protection.scene import NAMES, Scene
from tests.world import Client

INSTANCE = re.compile(r'"(instance|traceId)": ?"[^"]*",?')
PARAMETER = re.compile(r"\{(\w+)\}")
TOMBSTONE = re.compile(r'\{[^{}]*"kind": ?"reach\.lost"[^{}]*\}')
"""What the feed tells whom it had told before: kind and id of what is gone (ADR 0031)."""
SERVER_ERROR = 500


def plain(response: httpx.Response) -> str:
    """What an answer says, apart from the address that was asked for, and from what it takes back."""
    return TOMBSTONE.sub("", INSTANCE.sub("", response.text))


@dataclass(frozen=True)
class Address:
    """An operation that reads, at one address."""

    operation: str
    path: str
    params: dict[str, str]

    def tells(self, client: Client, wanted: set[str]) -> bool:
        """Is any of `wanted` in the answer? A document that cannot be read here (a certificate) tells when it is there."""
        response = client.get(self.path, params=self.params)
        assert response.status_code < SERVER_ERROR, f"{self.path}: {response.text}"
        if not response.headers["content-type"].endswith(("json", "text/html; charset=utf-8")):
            return response.is_success
        said = (plain(response) + str([*response.headers.values()])).replace(self.path, "")
        return any(one in said for one in wanted)


class Sweep:
    """Every address where the person may be met, and what would tell of them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.needles = needles(scene)
        self.addresses = [
            Address(path, filled, _params(operation))
            for path, method, operation in all_operations()
            if method == "GET"
            for filled in self.filled(path)
        ]

    def sightings(self, client: Client) -> set[str]:
        """The reading operations in whose answers this caller comes upon the person."""
        return {one.operation for one in self.addresses if one.tells(client, self.needles)}

    def filled(self, path: str) -> list[str]:
        filled = [path]
        for name in PARAMETER.findall(path):
            values = self._values(name) or [str(uuid4())]
            filled = [one.replace(f"{{{name}}}", value) for one in filled for value in values]
        return filled

    def _values(self, name: str) -> list[str]:
        """The ids to ask for: of rows about the person where the resource can be, else of the latest."""
        scene = self.scene
        given = {
            "occasion": ["entry"],
            "partnerId": [str(scene.holder), str(scene.duties)],
            "programId": [str(scene.program)],
            "cohortId": [str(scene.cohort)],
            "userId": [str(scene.person.user_id)],
            "matchRunId": [str(scene.run.id)],
        }
        kind = guarded().get(name[0].upper() + name.removesuffix("Id")[1:])
        if name in given or kind is None:
            return given.get(name, [])
        wanted = select(kind.id).order_by(col(kind.id).desc()).limit(1)
        with Session(scene.world.engine) as session:
            return [str(one) for one in session.exec(wanted.where(*_about(kind, scene)))]


def needles(scene: Scene) -> set[str]:
    """Whatever tells of the person: names, contacts, and the ids of every row about them."""
    person = scene.person
    found = {*NAMES, str(person.id), str(person.person_id), str(person.user_id), str(scene.run.id)}
    with Session(scene.world.engine) as session:
        for kind in guarded().values():
            if about := _about(kind, scene):
                found.update(str(one) for one in session.exec(select(kind.id).where(*about)))
    return found


def guarded(kind: type[Guarded] = Guarded) -> dict[str, type[Guarded]]:
    """Every resource by the name that path parameters use."""
    found: dict[str, type[Guarded]] = {}
    for heir in kind.__subclasses__():
        if hasattr(heir, "__table__"):
            found[heir.__name__] = heir
        found |= guarded(heir)
    return found


def _about(kind: type[Guarded], scene: Scene) -> list[Any]:
    names: Iterable[str] = {*kind.reach.persons, *(kind.reach.concealed or ())}
    about = [getattr(kind, name) == scene.person.id for name in sorted(names)]
    return [or_(*about)] if about else []


def _params(operation: dict[str, Any]) -> dict[str, str]:
    names = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    return {"limit": "200"} if "limit" in names else {}
