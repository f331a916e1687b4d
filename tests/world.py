"""What do tests need of the world? The real application over a real database, users who may act, and a held clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from sqlalchemy import Engine, create_engine, event
from sqlmodel import Session

from app.domain.glossary import Category, ProgramKind, Sector
from app.domain.lifecycles import AgreementStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import LoginSession, ResponsibilityAssignment, UserAccount
from app.features.agreements.tables import Agreement, AgreementParty
from app.features.changes.tables import Change
from app.features.partners.tables import Partner
from app.features.programs.tables import Program
from app.kit.clock import FixedClock, today
from app.kit.columns import Row
from app.kit.db import connect
from app.kit.keys import KeySource
from app.kit.oidc import Fetch
from app.kit.runtime import Runtime
from app.kit.tokens import KeyRing, SigningKey
from app.main import BASE_PATH, create_app, create_runtime
from app.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = SigningKey.generate()
UNHURRIED: dict[str, Any] = {name: 0 for name in Settings.model_fields if name.endswith("_per_minute")}
"""Settings without limits of how often, for campaigns (tests have them so by conftest)."""


@dataclass
class Client:
    """One person's (or system's) way in; answers are plain httpx responses."""

    portal: BlockingPortal
    http: httpx.AsyncClient
    token: Callable[[], str] | None = None
    purpose: str | None = "caseWork"
    """What is said with each request, as a good user interface does; None: nothing."""

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **kwargs: Any) -> httpx.Response:
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token()}")
            if self.purpose is not None:
                sent.setdefault("Mentorskap-Purpose", self.purpose)
        address = path if path.startswith(("http", "/mentorskap", "//")) else BASE_PATH + path
        address = address.removeprefix("//root")
        return self.portal.call(lambda: self.http.request(method, address, headers=sent, **kwargs))

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        return self.call("POST", path, json=json, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any) -> httpx.Response:
        return self.call("PUT", path, json=json, **kwargs)

    def patch(self, path: str, json: Any, **kwargs: Any) -> httpx.Response:
        """PATCH with the If-Match of the row as it stands, unless headers say otherwise."""
        headers = kwargs.pop("headers", None)
        if headers is None:
            headers = {"If-Match": self.get(path).headers["ETag"]}
        return self.call("PATCH", path, json=json, headers=headers, **kwargs)

    def made(self, path: str, json: Any = None, status: int = 201, **kwargs: Any) -> dict[str, Any]:
        """POST that must succeed; answers the body."""
        response = self.post(path, json, **kwargs)
        assert response.status_code == status, response.text
        body: dict[str, Any] = response.json()
        return body


@dataclass
class World:
    """The application, its clock, and shortcuts that write what HTTP is too slow to write for every test.

    `engine` is the owner's, for what tests read and write behind the API's back.
    """

    app: FastAPI
    runtime: Runtime
    clock: FixedClock
    portal: BlockingPortal
    http: httpx.AsyncClient
    url: str
    engine: Engine
    counter: int = field(default=0)

    @classmethod
    @contextmanager
    def open(
        cls,
        url: str,
        *,
        owner_url: str | None = None,
        keys: KeySource | None = None,
        fetch: Fetch | None = None,
        **settings: Any,
    ) -> Iterator["World"]:
        clock = FixedClock(START)
        configured = Settings(database_url=url, signing_keys_file="unused", **settings)
        database = connect(url, pool_size=20)
        engine = owner_engine(owner_url or url)
        runtime = create_runtime(database, keys or KeyRing(KEY, {}), configured, clock, fetch)
        app = create_app(runtime, configured)
        with start_blocking_portal() as portal, recorded_changes():
            within = httpx.ASGITransport(app, raise_app_exceptions=False)
            http = httpx.AsyncClient(transport=within, base_url="http://test")
            yield cls(app, runtime, clock, portal, http, url, engine)
            portal.call(http.aclose)
        runtime.outbox.close()
        database.engine.dispose()
        engine.dispose()

    @property
    def anonymous(self) -> Client:
        return Client(self.portal, self.http)

    def from_address(self, address: str) -> Client:
        """Somebody without a login, at another address than everybody else."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 40_000))
        return Client(self.portal, httpx.AsyncClient(transport=transport, base_url="http://test"))

    def number(self) -> int:
        self.counter += 1
        return self.counter

    def add(self, *rows: Any) -> Any:
        """Store rows directly and commit; answers the first."""
        with Session(self.engine, expire_on_commit=False) as session:
            session.info["is_unrecorded"] = True
            for row in rows:
                session.add(row)
                session.flush()
            session.commit()
        return rows[0]

    def partner(self, name: str = "Påhittade föreningen", sector: Sector = Sector.CIVIL_SOCIETY) -> UUID:
        partner: Partner = self.add(Partner(name=f"{name} {self.number()}", sector=sector))
        return partner.id

    def client(self, role: Role, partner_id: UUID | None = None, scopes: list[str] | None = None) -> Client:
        """A logged-in user with this role at this partner (a service account when the role is service)."""
        email = None if role is Role.SERVICE else f"u{self.number()}@example.org"
        user: UserAccount = self.add(
            UserAccount(name="Påhittad Person", role=role, partner_id=partner_id, email=email, scopes=scopes)
        )
        return self.client_for(user)

    def client_for(self, user: UserAccount) -> Client:
        login: LoginSession = self.add(LoginSession(user_id=user.id, expires_at=self.clock() + timedelta(days=365)))
        scope = user.scopes if user.role is Role.SERVICE else None

        def mint() -> str:
            """A fresh token at each call, so that advancing the clock logs nobody out."""
            return self.runtime.issuer.issue(
                sub=user.id,
                role=user.role.value,
                ver=user.auth_version,
                now=self.clock(),
                sid=login.id,
                partner=user.partner_id,
                scope=scope,
            )

        return Client(self.portal, self.http, mint)

    def program(self, owner_id: UUID, **over: Any) -> UUID:
        """A published mentoring program, without any agreement unless `agree` is called."""
        given = {
            "name": f"Påhittat program {self.number()}",
            "summary": "Ett program för prov.",
            "kind": ProgramKind.MENTORING,
            "category": Category.PROFESSIONAL_PEERS,
            "is_published": True,
            "source": "Påhittad kartläggning",
            "organizer": "Påhittade akademien",
            **over,
        }
        program: Program = self.add(Program(owner_partner_id=owner_id, **given))
        return program.id

    def agree(self, program_id: UUID, duties: dict[UUID, list[Responsibility]]) -> UUID:
        """An agreement in force since 30 days that makes each partner accountable for its duties."""
        began = today(self.clock()) - timedelta(days=30)
        agreement: Agreement = self.add(
            Agreement(
                program_id=program_id,
                number=1,
                title="Påhittat avtal",
                valid_from=began,
                status=AgreementStatus.IN_FORCE,
                drafted_by_partner_id=next(iter(duties)),
                in_force_at=self.clock(),
            )
        )
        for partner_id, held in duties.items():
            self.add(
                AgreementParty(
                    agreement_id=agreement.id, program_id=program_id, partner_id=partner_id, signed_at=self.clock()
                )
            )
            for duty in held:
                self.add(
                    ResponsibilityAssignment(
                        program_id=program_id,
                        partner_id=partner_id,
                        duty=duty,
                        level=Level.ACCOUNTABLE,
                        agreement_id=agreement.id,
                        valid_from=began,
                    )
                )
        return agreement.id


def owner_engine(url: str) -> Engine:
    """Behind the API's back: as the owner of the tables, and past row-level security, which binds owners too."""
    return create_engine(url, connect_args={"options": "-c mentorskap.beyond_reach=on"})


@contextmanager
def recorded_changes() -> Iterator[None]:
    """Fail any transaction that touched a recorded row without a change record."""

    def check(session: Session) -> None:
        touched = [
            row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Row) and row.is_recorded
        ]
        session.info.setdefault("touched", []).extend(type(row).__name__ for row in touched)
        session.info.setdefault("changes", []).extend(row for row in session.new if isinstance(row, Change))

    def before_flush(session: Session, _context: object, _instances: object) -> None:
        check(session)

    def before_commit(session: Session) -> None:
        session.flush()
        touched, changes = session.info.pop("touched", []), session.info.pop("changes", [])
        if touched and not changes and not session.info.get("is_unrecorded"):
            raise AssertionError(f"a transaction touched {sorted(set(touched))} and recorded no change")

    event.listen(Session, "before_flush", before_flush)
    event.listen(Session, "before_commit", before_commit)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", before_flush)
        event.remove(Session, "before_commit", before_commit)
