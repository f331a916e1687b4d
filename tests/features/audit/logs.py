"""What do tests of the seals need? Logs that are filled quickly, and sealed as the worker does it."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from app.domain.changes import ChangeKind
from app.features.audit.actions import append_to_anchor, seal_next
from app.features.audit.queries import seals_after
from app.features.audit.queries.anchors import anchored_roots
from app.features.audit.queries.verifying import Finding, Verification
from app.kit.keys import KeyRing
from tests.world import KEY, World

ACCESS = text("""
insert into access_record (at, user_id, login_id, partner_id, role, permission, decision, subject, subject_id, people, purpose, reference, trace_id)
values (:at, :user, :login, :partner, 'caseHandler', :permission, :decision, 'participant', :subject, :people, :purpose, :reference, :trace)
""")
CHANGE = text("""
insert into change (at, kind, subject, subject_id, program_id, partner_id, actor_id, fields, trace_id)
values (:at, :kind, 'participant', :subject, :program, :partner, :user, :fields, :trace)
""")
KINDS = (ChangeKind.PARTICIPANT_UPDATED, ChangeKind.CONSENT_GIVEN, ChangeKind.ENROLMENT_MOVED)


@dataclass
class Logs:
    """Both logs of a world, filled with invented lines by a seed."""

    world: World
    anchor: Path
    random: Random = field(default_factory=lambda: Random(2014))  # noqa: S311  a sample, not a secret

    def fill(self, accesses: int, changes: int) -> None:
        """Add lines in one transaction."""
        with Session(self.world.engine) as session:
            if accesses:
                session.execute(ACCESS, [self._access() for _ in range(accesses)])
            if changes:
                session.execute(CHANGE, [self._change() for _ in range(changes)])
            session.commit()

    def seal(self) -> int:
        """Seal and anchor all there is; answers how many checkpoints that took."""
        made = 0
        while True:
            with self.world.runtime.database.transaction() as session:
                seal = seal_next(session, KEY, self.world.clock())
            if seal is None:
                break
            made += 1
        with Session(self.world.engine) as session:
            append_to_anchor(self.anchor, seals_after(session, 0, 100_000))
        return made

    def findings(self, session: Session, *, is_anchored: bool = True, keyring: KeyRing | None = None) -> list[Finding]:
        """What a verification in this session says, also of what is not committed."""
        anchor = anchored_roots(self.anchor) if is_anchored else ()
        return list(Verification(session, keyring or KeyRing(KEY), anchor).findings())

    def _access(self) -> dict[str, Any]:
        is_told = self.random.random() < 0.5
        return {
            **self._common(),
            "login": self._id(),
            "permission": self.random.choice(["participant:read", "enrolment:screen", "match:read"]),
            "decision": self.random.choice(["allowed", "allowed", "refused"]),
            "people": [self._id() for _ in range(self.random.randrange(4))],
            "purpose": "caseWork" if is_told else None,
            "reference": "AMN 2026/7" if is_told else None,
        }

    def _change(self) -> dict[str, Any]:
        return {
            **self._common(),
            "kind": self.random.choice(KINDS).value,
            "program": self._id(),
            "fields": self.random.sample(["family_name", "goals", "status", "phone"], self.random.randrange(4)),
        }

    def _common(self) -> dict[str, Any]:
        return {
            "at": self.world.clock(),
            "user": self._id(),
            "partner": self._id(),
            "subject": self._id(),
            "trace": f"{self.random.getrandbits(128):032x}",
        }

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))
