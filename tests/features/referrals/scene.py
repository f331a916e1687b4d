"""Who refers whom? A sender with consenting people, a receiver that recruits, and a third partner that looks on."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import func
from sqlmodel import Session, col, select, update

from app.domain.glossary import AgeGroup, ConsentGiver, ConsentPurpose, Gender, Interest, Sector
from app.domain.roles import Responsibility as Duty
from app.domain.roles import Role
from app.features.access.tables import UserAccount
from app.features.changes.tables import Change
from app.features.consents.tables import Consent, ConsentText
from app.features.participants.tables import Participant
from app.features.referrals.jobs import settle_referrals
from app.features.referrals.tables import Referral
from app.kit.columns import Row
from tests.features.enrolments.scene import add_cohort
from tests.world import Client, World

ANSWER_BY = date(2026, 3, 20)
TRACE = "0" * 31 + "1"


@dataclass
class Scene:
    """`sender` holds people, `receiver` recruits mentees, `onlooker` does neither and works in the same program."""

    world: World
    sender_id: UUID
    receiver_id: UUID
    onlooker_id: UUID
    program_id: UUID
    cohort_id: UUID
    sender: Client
    receiver: Client
    onlooker: Client

    def person(self, **over: Any) -> Participant:
        """Somebody whom the sender holds, with everything that must not go along."""
        number = self.world.number()
        given: dict[str, Any] = {
            "partner_id": self.sender_id,
            "given_name": f"Påhitt{number}",
            "family_name": "Påhittsson",
            "email": f"person{number}@example.org",
            "phone": "+46 8 465 004 12",
            "born_on": date(1990, 2, 28),
            "gender": Gender.FEMALE,
            "municipality_code": "0182",
            "languages": [{"code": "sv", "level": "B1"}],
            "occupation_code": "2512",
            "availability": [8, 9, 33],
            "has_remote": False,
            "goals": ["findWork"],
            "accepts_gender": Gender.FEMALE,
            "skills": ["DHhX_uVf_y6X"],
            "interests": [Interest.MUSIC],
            "accepts_age_groups": [AgeGroup.FROM_40_TO_54],
            "external_system": "egna",
            "external_id": f"e{number}",
            "is_business_owner": True,
            "employer_partner_id": self.onlooker_id,
            "mentor_capacity": 3,
            **over,
        }
        person: Participant = self.world.add(Participant(**given))
        return person

    def themself(self) -> tuple[Client, Participant]:
        """A mentee with a login of their own, held by the sender."""
        email = f"p{self.world.number()}@example.org"
        user: UserAccount = self.world.add(UserAccount(name="Påhittad Person", role=Role.MENTEE, email=email))
        return self.world.client_for(user), self.person(user_id=user.id)

    def consent(self, person: Participant, recipient_id: UUID | None = None) -> Consent:
        """The person's consent to a referral (to the receiver, unless it names another)."""
        text: ConsentText = self.world.add(
            ConsentText(
                partner_id=person.partner_id,
                purpose=ConsentPurpose.REFERRAL,
                language="sv",
                number=self.world.number(),
                body="Får vi hänvisa dig?",
            )
        )
        staff: UserAccount = self.world.add(
            UserAccount(name="Påhittad", role=Role.CASE_HANDLER, email=f"c{self.world.number()}@example.org")
        )
        given: Consent = self.world.add(
            Consent(
                participant_id=person.id,
                partner_id=person.partner_id,
                purpose=ConsentPurpose.REFERRAL,
                text_id=text.id,
                recipient_partner_id=recipient_id or self.receiver_id,
                giver=ConsentGiver.STAFF,
                given_at=self.world.clock(),
                recorded_by_user_id=staff.id,
            )
        )
        return given

    def send(self, person: Participant | None = None, **over: Any) -> httpx.Response:
        """Refer somebody who has consented; `over` replaces what the body says."""
        if person is None:
            self.consent(person := self.person())
        body = {
            "participantId": str(person.id),
            "toPartnerId": str(self.receiver_id),
            "cohortId": str(self.cohort_id),
            "side": "mentee",
            "answerBy": ANSWER_BY.isoformat(),
            **over,
        }
        return self.sender.post(f"/partners/{self.sender_id}/referrals", body)

    def sent(self, person: Participant | None = None, **over: Any) -> str:
        """The path of a new referral."""
        response = self.send(person, **over)
        assert response.status_code == 201, response.text
        return f"/referrals/{response.json()['id']}"

    def read(self, path: str, client: Client | None = None) -> dict[str, Any]:
        """The referral as the receiver (or another) reads it."""
        response = (client or self.receiver).get(path)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def accept(self, path: str) -> httpx.Response:
        return self.receiver.post(f"{path}/acceptance")

    def accepted(self, path: str) -> dict[str, Any]:
        response = self.accept(path)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def refuse(self, path: str, reason: str = "otherProgramFits") -> httpx.Response:
        return self.receiver.post(f"{path}/refusal", {"reasonCode": reason})

    def withdraw(self, path: str) -> httpx.Response:
        return self.sender.post(f"{path}/withdrawal")

    def set(self, row: Row, **fields: Any) -> None:
        """Change a stored row as another slice would."""
        with Session(self.world.engine) as session:
            session.exec(update(type(row)).where(col(type(row).id) == row.id).values(**fields))
            session.commit()

    def end_consent(self, consent: Consent) -> None:
        self.set(consent, withdrawn_at=self.world.clock())

    def stored(self, path: str) -> Referral:
        with Session(self.world.engine) as session:
            return session.get_one(Referral, id_of(path))

    def stored_participant(self, participant_id: str) -> Participant:
        with Session(self.world.engine) as session:
            return session.get_one(Participant, UUID(participant_id))

    def settle(self) -> None:
        """What the clock does every hour."""
        settle_referrals(self.world.runtime, TRACE)

    def pass_days(self, days: int) -> None:
        self.world.clock.advance(timedelta(days=days))

    def kinds(self, path: str) -> list[str]:
        """What the log says of the referral, oldest first."""
        with Session(self.world.engine) as session:
            found = select(Change).where(Change.subject_id == id_of(path)).order_by(col(Change.id))
            return [change.kind.value for change in session.exec(found)]

    def count(self, kind: type[Row], *conditions: Any) -> int:
        with Session(self.world.engine) as session:
            return session.exec(select(func.count()).select_from(kind).where(*conditions)).one()


def id_of(path: str) -> UUID:
    return UUID(path.rpartition("/")[2])


def set_scene(world: World, receiving: Sector = Sector.CIVIL_SOCIETY, **cohort: Any) -> Scene:
    """A published program where the receiver recruits mentees and the onlooker mentors, and an open cohort of it."""
    owner_id, sender_id, receiver_id, onlooker_id = (
        world.partner(),
        world.partner("Hänvisarna", Sector.MUNICIPALITY),
        world.partner("Mottagarna", receiving),
        world.partner("Åskådarna"),
    )
    program_id = world.program(owner_id)
    world.agree(
        program_id,
        {
            owner_id: [Duty.DEFINE_PURPOSE],
            receiver_id: [Duty.RECRUIT_MENTEES, Duty.SCREEN_MENTEES, Duty.RECORD_OUTCOMES],
            onlooker_id: [Duty.RECRUIT_MENTORS, Duty.SCREEN_MENTORS],
        },
    )
    dates = {"mentee_intake_until": date(2026, 12, 1), "starts_on": date(2026, 4, 1), "ends_on": date(2027, 12, 31)}
    return Scene(
        world,
        sender_id,
        receiver_id,
        onlooker_id,
        program_id,
        add_cohort(world, program_id, **{**dates, **cohort}),
        world.client(Role.CASE_HANDLER, sender_id),
        world.client(Role.CASE_HANDLER, receiver_id),
        world.client(Role.CASE_HANDLER, onlooker_id),
    )
