"""Does anybody ever see a canary that is not theirs to see? Every operation, called by everybody, with every kind of id.

`Sweep` walks the OpenAPI document and fills path parameters by their names, so new operations are swept as they come.
A sighting is a canary in a status line, header, body or log that the oracle (`canary_oracle`) does not allow.
"""

import io
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
from pypdf import PdfReader
from sqlalchemy import Engine, select, text, true
from sqlmodel import Session

from app.features.access import visible as reading
from app.features.access.row_policies import policies
from app.features.access.tables import Guarded
from app.kit.telemetry import JsonLines
from app.main import METADATA
from tests.canary_oracle import FOLLOWERS, Person, Principal, may_see
from tests.canary_world import CanaryWorld
from tests.contracts.document import all_operations, followed
from tests.world import World

Node = dict[str, Any]
CANARY = re.compile(r"kanarie\d{4}[a-z](?:@example\.org)?|\+46709\d{6}|195\d-\d\d-\d\d", re.IGNORECASE)
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
GUARDED = re.compile(r"^Id of the (\w+)\.$")
"""How a guard describes the path parameter of its row."""
TABLES = {
    "sessionId": "login_session",
    "identityId": "external_identity",
    "keyId": "service_key",
    "secretId": "service_secret",
    "accessId": "access_record",
    "month": "access_review_signature",
}
"""Of which table the other path parameters are."""
KEYS = {"system": "kanariesystem", "externalId": "kanarienyckel"}
"""Keys of other systems, which have no table."""
OWNING = {"partner_id", "program_id", "from_partner_id", "to_partner_id", "owner_partner_id", "user_id", "agreement_id"}
IN_BODIES = {"otherParticipantId": "Participant", "recipientPartnerId": "Partner", "toPartnerId": "Partner"}
"""Of which class the ids in bodies are that are not called as their class is."""


def _described(parameter: Node) -> Node:
    return {"description": parameter.get("description", "")}


@dataclass(frozen=True)
class Sighting:
    who: str
    operation: str
    path: str
    status: int
    canary: str
    what: str


MEANT = "/copies"
"""What may be done with an id of others: a published programme is there to be copied, into one's own partner."""


@dataclass
class Sweep:
    """Calls, and what was seen of whom. `most_ids` bounds how many ids of a kind are tried in each place."""

    scene: CanaryWorld
    most_ids: int = 4
    engine: Engine | None = None
    """Reads the world's ids; give an owner's engine where the application's is under row-level security."""
    sightings: list[Sighting] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seen: dict[str, set[UUID]] = field(default_factory=dict)
    """Trace of a call → the participants whose canaries it showed."""

    def __post_init__(self) -> None:
        self.engine = self.engine or self.scene.world.engine
        self.owners: dict[str, tuple[Person, str]] = {}
        for person in self.scene.people:
            self.owners |= {canary.lower(): (person, what) for canary, what in person.canaries.items()}
        self.hidden = {
            one: person for person in self.scene.people if person.special == "protected" for one in _ids(person)
        }
        self.ids: dict[str, list[str]] = {}

    def read(self, principals: list[Principal] | None = None) -> None:
        """Every GET by everybody, with ids of every partner."""
        for path, method, operation in all_operations():
            if method == "GET":
                for address in self.addresses(path, operation):
                    for who in principals or self.scene.principals:
                        self.call(who, "GET", path, _whole(address, operation))

    def write(self, who: Principal) -> list[str]:
        """Every other operation with ids of others, in the path and in the body; answers what was not refused.

        Last with own ids in the path, where only the body has ids of others: then only what is seen counts.
        """
        own, done = self.belongings(who), []
        foreign: list[Any] = []
        mine: list[Any] = []
        for path, method, operation in all_operations():
            if method != "GET" and "{" in path:
                body = self.body_of(operation)
                for address in self.addresses(path, operation):
                    is_own = any(one in own for one in ID.findall(address))
                    (mine if is_own else foreign).append((method, path, address, body))
        for method, path, address, body in foreign:
            response = self.call(who, method, path, address, json=body, headers={"If-Match": "*"})
            if response.status_code < 400 and not address.endswith(MEANT):
                done.append(f"{who.name}: {method} {address} → {response.status_code}")
        for method, path, address, body in mine:
            if body is not None:
                self.call(who, method, path, address, json=body, headers={"If-Match": "*"})
        return done

    def belongings(self, who: Principal) -> set[str]:
        """The ids of what the caller's partner holds, runs, sends or receives, and of its users and their logins."""
        assert who.partner is not None
        programs = {number for number, owner in FOLLOWERS.items() if owner == who.partner}
        named = {str(self.scene.partners[who.partner]), *(str(self.scene.programs[number]) for number in programs)}
        found = set(named)
        with Session(self.engine) as session:
            for _ in range(2):  # the second time: what names the things found the first time
                for table in METADATA.sorted_tables:
                    owning = [one.name for one in table.columns if one.name in OWNING or one.name == "id"]
                    if "id" in owning and table.name != "change":
                        rows = session.execute(select(*(table.c[name] for name in owning)))
                        found |= {str(row.id) for row in rows if found.intersection(map(str, row))}
        return found

    def call(self, who: Principal, method: str, template: str, address: str, **sent: Any) -> httpx.Response:
        trace = uuid4().hex
        headers = {**sent.pop("headers", {}), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
        response = who.client.call(method, address, headers=headers, **sent)
        self.statuses[response.status_code] += 1
        if response.status_code >= 500:
            self.faults.append(f"{who.name}: {method} {address} → {response.status_code}")
        answer = "\n".join([*map(str, response.headers.items()), _text(response)])
        for canary in set(CANARY.findall(answer.lower())):
            self._judge(who, f"{method} {template}", address, response.status_code, canary, trace)
        for one in set(ID.findall(answer)).difference(ID.findall(address)) & self.hidden.keys():
            self._judge_hidden(who, f"{method} {template}", address, response.status_code, one)
        return response

    def _judge(self, who: Principal, operation: str, path: str, status: int, canary: str, trace: str) -> None:
        owner = self.owners.get(canary)
        if owner is None:
            return  # a birthday that nobody has
        person, what = owner
        if what != "snapshot" and who.person is not person:
            self.seen.setdefault(trace, set()).add(person.row.id)
        if not may_see(who, person, what):
            self.sightings.append(Sighting(who.name, operation, path, status, canary, what))

    def _judge_hidden(self, who: Principal, operation: str, path: str, status: int, one: str) -> None:
        person = self.hidden[one]
        is_pair = who.person is not None and who.person in (person, person.other)
        if not is_pair and person.holder not in who.cleared:
            self.sightings.append(Sighting(who.name, operation, path, status, one, "existence"))

    def addresses(self, path: str, operation: Node) -> Iterator[str]:
        """The path with each combination of ids that the world has for its parameters."""
        found = [followed(one) for one in operation.get("parameters", [])]
        names = {one["name"]: {**one["schema"], **_described(one)} for one in found if one["in"] == "path"}
        for values in product(*(self.values(name, schema) for name, schema in names.items())):
            filled = path
            for name, value in zip(names, values, strict=True):
                filled = filled.replace("{" + name + "}", value)
            yield filled

    def values(self, name: str, schema: Node) -> list[str]:
        """What a path parameter can be: choices, or ids of the rows of its kind. Raises: LookupError for a new kind."""
        choices = followed(schema).get("enum")
        if choices:
            return list(choices)[:2]
        if name in KEYS:
            return [KEYS[name]]
        if name not in self.ids:
            guarded = GUARDED.search(schema.get("description", ""))
            table = _tables()[guarded[1]] if guarded else TABLES.get(name)
            if table is None:
                raise LookupError(f"tell TABLES in tests/canaries.py of which table {name} is")
            self.ids[name] = self._rows(table)
        return self.ids[name]

    def _rows(self, table: str) -> list[str]:
        with Session(self.engine) as session:
            found = [str(one) for one in session.scalars(text(f"select id from {table} order by id"))]  # noqa: S608  our names
        step = max(1, len(found) // self.most_ids)
        protected = [one for one in found if one in self.hidden][:1]
        return list(dict.fromkeys([*found[::step][: self.most_ids], *protected])) or [str(uuid4())]

    def body_of(self, operation: Node) -> Any:
        """The documented example, with real ids of the world where it has ids."""
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        return self._real(content.get("example"))

    def _real(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._id_for(key) if key.endswith("Id") else self._real(one) for key, one in value.items()}
        return value

    def _id_for(self, key: str) -> str:
        name = IN_BODIES.get(key, key[0].upper() + key.removesuffix("Id")[1:])
        return self._rows(_tables().get(name, "participant"))[0]

    def unrecorded(self) -> list[str]:
        """Calls that showed somebody else's data and left no record of it that names the person."""
        with Session(self.engine) as session:
            rows = session.execute(text("select trace_id, people, user_id from access_record"))
            recorded: dict[str, set[UUID]] = {}
            for row in rows:
                recorded.setdefault(row.trace_id, set()).update(row.people)
        return [trace for trace, people in self.seen.items() if not people <= recorded.get(trace, set())]


def _text(response: httpx.Response) -> str:
    if response.headers.get("content-type") != "application/pdf":
        return response.text
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def _tables() -> dict[str, str]:
    """Class → table, of everything that is reached over HTTP."""
    waiting, found = list(Guarded.__subclasses__()), {}
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if hasattr(kind, "__table__"):
            found[kind.__name__] = str(kind.__tablename__)
    return found


def _ids(person: Person) -> list[str]:
    return [str(row.id) for row in (person.row, person.user, person.enrolment) if row is not None]


def _whole(address: str, operation: Node) -> str:
    """As much of a list as one page can hold."""
    names = {followed(one)["name"] for one in operation.get("parameters", []) if followed(one)["in"] == "query"}
    return f"{address}?limit=200" if "limit" in names else address


@contextmanager
def unfiltered() -> Iterator[None]:
    """The application without its filters: every use of `visible` answers true."""
    original = reading.visible
    users = [module for name, module in list(sys.modules.items()) if name.startswith("app.features")]
    users = [module for module in users if getattr(module, "visible", None) is original]
    try:
        for module in users:
            module.visible = lambda *_args, **_kwargs: true()  # type: ignore[attr-defined]  # found there a moment ago
        yield
    finally:
        for module in users:
            module.visible = original  # type: ignore[attr-defined]


@contextmanager
def captured_logs() -> Iterator[io.StringIO]:
    """What every logger writes meanwhile, in the application's own format."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("", "mentorskap")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield stream
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


@contextmanager
def no_second_wall(world: World) -> Iterator[None]:
    """Row-level security is off: for controls, which show that the other tests can fail."""

    def say(what: str) -> None:
        with world.engine.begin() as connection:
            for table in policies():
                connection.execute(text(f'alter table "{table}" {what} row level security'))

    say("disable")
    try:
        yield
    finally:
        say("enable")
