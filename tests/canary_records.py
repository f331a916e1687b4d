"""Which records are there about the people of the canary world? Written directly; every text is a canary."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import (
    AttendanceStatus,
    Concealing,
    ConsentGiver,
    ConsentPurpose,
    Gender,
    LegalGround,
    MeetingMode,
    ProtectionLevel,
    Side,
)
from app.domain.lifecycles import EnrolmentStatus, MatchStatus, ReferralStatus
from app.domain.matching.proposal import UnmatchedKind
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.roles import Role
from app.features.access.tables import Concealment, UserAccount
from app.features.consents.tables import Consent, ConsentText
from app.features.enrolments.tables import Enrolment
from app.features.follow_ups.tables import FollowUp
from app.features.matches.tables import Match, Meeting
from app.features.matching.tables import MatchRunPair, MatchRunUnmatched
from app.features.outcomes.tables import HouseholdAnswer, Outcome
from app.features.participants.tables import Attestation, Guardian, Participant
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer
from app.features.referrals.tables import Referral
from app.features.training.tables import Attendance, TrainingRecord
from tests.canary_events import add_history, add_incident, add_more_of, add_request
from tests.canary_oracle import RECEIVER, SPECIAL, Person, Principal

if TYPE_CHECKING:
    from tests.canary_world import CanaryWorld

STATUSES = (MatchStatus.ACTIVE, MatchStatus.PROPOSED, MatchStatus.ACCEPTED, MatchStatus.CLOSED)
FIRST_BIRTHDAY = date(1950, 1, 1)
CONCEALED = {
    "protected": Concealing.PROTECTED_IDENTITY,
    "anonymous": Concealing.ANONYMOUS,
    "withdrawn": Concealing.WITHDRAWN_CONSENT,
}


class Canaries(dict[str, str]):
    """Canary → what it is."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def word(self, what: str) -> str:
        """A new name or code that nobody else has."""
        return self._keep(f"Kanarie{self.number:04d}{chr(97 + len(self))}", what)

    def email(self, what: str) -> str:
        return self._keep(f"kanarie{self.number:04d}{chr(97 + len(self))}@example.org", what)

    def phone(self, what: str) -> str:
        return self._keep(f"+46709{self.number:04d}{len(self):02d}", what)

    def born_on(self) -> date:
        day = FIRST_BIRTHDAY + timedelta(days=self.number)
        self._keep(day.isoformat(), "record")
        return day

    def _keep(self, canary: str, what: str) -> str:
        self[canary] = what
        return canary


def add_person(to: "CanaryWorld", holder: str, place: int, program: int, side: Side) -> Person:
    """A person with every kind of record that does not need a second person."""
    number, special, partner = len(to.people), SPECIAL.get(place), to.partners[holder]
    canaries = Canaries(number)
    is_anonymous = special == "anonymous"
    user = None if is_anonymous else _login(to, canaries, partner, side)
    facts = {"birth_year": 1980, "is_anonymous": True} if is_anonymous else _identity(canaries)
    row = to.keep(
        Participant(
            partner_id=partner,
            user_id=user.id if user else None,
            gender=Gender.UNDISCLOSED,
            protection=ProtectionLevel.CONFIDENTIALITY_MARK if special == "protected" else None,
            **facts,
        ),
        ChangeKind.PARTICIPANT_CREATED,
    )
    enrolment = to.keep(
        Enrolment(
            program_id=to.programs[program],
            cohort_id=to.shared[program]["cohort"].id,
            participant_id=row.id,
            partner_id=partner,
            side=side,
            ground=LegalGround.CONSENT if special == "withdrawn" else LegalGround.CONTRACT,
            status=EnrolmentStatus.READY,
            applied_on=to.world.clock().date(),
        ),
        ChangeKind.ENROLMENT_CREATED,
    )
    person = Person(number, holder, program, side, special, row, user, enrolment, canaries)
    to.people.append(person)
    if user is not None:
        to.principals.append(
            Principal(f"{holder}: {side} {place}", to.world.client_for(user), Role(side.value), holder, person)
        )
    _conceal(to, person)
    _add_papers(to, person, canaries)
    _add_course_of_events(to, person)
    add_request(to, row, canaries, to.shared[program]["user"].id)
    return person


def _login(to: "CanaryWorld", canaries: Canaries, partner: UUID, side: Side) -> UserAccount:
    return to.account(canaries.word("account"), Role(side.value), partner, canaries.email("account"))


def _identity(canaries: Canaries) -> dict[str, Any]:
    return {
        "given_name": canaries.word("given"),
        "family_name": canaries.word("family"),
        "email": canaries.email("contact"),
        "phone": canaries.phone("contact"),
        "born_on": canaries.born_on(),
        "external_system": "eget",
        "external_id": canaries.word("record"),
        "district": canaries.word("place"),
    }


def _conceal(to: "CanaryWorld", person: Person) -> None:
    if person.special is not None:
        to.world.add(
            Concealment(
                participant_id=person.row.id,
                partner_id=person.row.partner_id,
                kind=CONCEALED[person.special],
                program_id=to.programs[person.program] if person.special == "withdrawn" else None,
                user_id=person.user.id if person.user else None,
            )
        )


def _add_papers(to: "CanaryWorld", person: Person, canaries: Canaries) -> None:
    """What the holder keeps of the person: attestations, guardians, consents."""
    staff = to.shared[person.program]["user"]
    day = to.world.clock().date()
    held: dict[str, Any] = {"participant_id": person.row.id, "partner_id": person.row.partner_id}
    to.keep(
        Attestation(**held, code=canaries.word("record"), is_met=True, attested_on=day, attested_by_user_id=staff.id),
        ChangeKind.ATTESTATION_RECORDED,
    )
    if person.special != "anonymous":
        to.keep(
            Guardian(
                **held,
                given_name=canaries.word("guardian"),
                family_name=canaries.word("guardian"),
                email=canaries.email("guardian"),
                phone=canaries.phone("guardian"),
                recorded_by_user_id=staff.id,
            ),
            ChangeKind.GUARDIAN_ADDED,
        )
        words = to.keep(
            ConsentText(
                partner_id=person.row.partner_id,
                purpose=ConsentPurpose.SHARE_IN_PROGRAM,
                language="sv",
                number=person.number + 1,
                body="Får vi?",
            )
        )
        to.keep(
            Consent(
                **held,
                purpose=ConsentPurpose.SHARE_IN_PROGRAM,
                text_id=words.id,
                program_id=to.programs[person.program],
                giver=ConsentGiver.STAFF,
                given_at=to.world.clock(),
                recorded_by_user_id=staff.id,
                withdrawn_at=to.world.clock() if person.special == "withdrawn" else None,
            ),
            ChangeKind.CONSENT_GIVEN,
        )


def _add_course_of_events(to: "CanaryWorld", person: Person) -> None:
    """What has happened with the enrolment; it holds no texts, but it names the person."""
    shared, day = to.shared[person.program], to.world.clock().date()
    held: dict[str, Any] = {
        "program_id": to.programs[person.program],
        "enrolment_id": person.enrolment.id,
        "participant_id": person.row.id,
        "partner_id": person.row.partner_id,
        "recorded_by_user_id": shared["user"].id,
    }
    sided = {**held, "side": person.side}
    now = to.world.clock()
    to.keep(
        Acknowledgement(**sided, pack_id=shared["pack"].id, acknowledged_at=now), ChangeKind.INFORMATION_ACKNOWLEDGED
    )
    to.keep(
        ExpectationAnswer(**sided, questionnaire_version=1, answers={}, answered_at=now),
        ChangeKind.EXPECTATIONS_ANSWERED,
    )
    to.keep(
        Attendance(**sided, session_id=shared["session"].id, status=AttendanceStatus.REGISTERED),
        ChangeKind.ATTENDANCE_RECORDED,
    )
    to.keep(
        TrainingRecord(
            **sided, title="Grundkurs", minutes=180, completed_on=day, course_version_id=shared["version"].id
        ),
        ChangeKind.TRAINING_RECORDED,
    )
    to.keep(
        Outcome(
            **held,
            occasion=Occasion.ENTRY,
            observed_on=day,
            income_source=IncomeSource.WAGES,
            occupation=Occupation.WORK,
        ),
        ChangeKind.OUTCOME_RECORDED,
    )
    if person.side is Side.MENTEE:
        household = {name: value for name, value in held.items() if name in HouseholdAnswer.model_fields}
        to.keep(HouseholdAnswer(**household, answered_on=day))
        run = shared["run"]
        to.keep(
            MatchRunUnmatched(
                program_id=held["program_id"],
                run_id=run.id,
                mentee_enrolment_id=person.enrolment.id,
                kind=UnmatchedKind.NO_FEASIBLE_MENTOR,
                feasible_mentors=0,
            )
        )


def add_pair(to: "CanaryWorld", mentor: Person, mentee: Person, place: int) -> None:
    """A match in one of the states, with a meeting and a follow-up with each."""
    status = MatchStatus.ACTIVE if mentor.special or mentee.special else STATUSES[place // len(SPECIAL) % len(STATUSES)]
    for one, other in ((mentor, mentee), (mentee, mentor)):
        one.other, one.status = other, status
    shared, day = to.shared[mentee.program], to.world.clock().date()
    pair: dict[str, Any] = {
        "program_id": to.programs[mentee.program],
        "mentor_participant_id": mentor.row.id,
        "mentee_participant_id": mentee.row.id,
    }
    enrolled: dict[str, Any] = {"mentor_enrolment_id": mentor.enrolment.id, "mentee_enrolment_id": mentee.enrolment.id}
    match = to.keep(
        Match(
            **pair,
            **enrolled,
            cohort_id=shared["cohort"].id,
            mentor_partner_id=mentor.row.partner_id,
            mentee_partner_id=mentee.row.partner_id,
            status=status,
            answer_by=day + timedelta(days=7),
            started_on=day,
            ends_on=day + timedelta(days=100),
        ),
        ChangeKind.MATCH_PROPOSED,
    )
    meeting = to.keep(
        Meeting(
            **pair,
            match_id=match.id,
            held_on=day,
            minutes=60,
            mode=MeetingMode.VIDEO,
            logged_by_user_id=shared["user"].id,
        ),
        ChangeKind.MEETING_LOGGED,
    )
    add_more_of(to, match, meeting, pair)
    assert isinstance(mentee.canaries, Canaries)
    reporter = mentee.user or shared["user"]
    add_incident(to, match, pair, reporter.id, mentee.canaries.word("incident"))
    for one, kind in ((mentor, FollowUpKind.CHECK_IN_MENTOR), (mentee, FollowUpKind.CHECK_IN_MENTEE)):
        contact = to.keep(
            FollowUp(
                **pair,
                match_id=match.id,
                enrolment_id=one.enrolment.id,
                participant_id=one.row.id,
                kind=kind,
                side=one.side,
                due_on=day,
            ),
            ChangeKind.FOLLOW_UP_PLANNED,
        )
        add_history(to, contact, shared["user"].id)
    to.keep(
        MatchRunPair(
            **enrolled,
            program_id=pair["program_id"],
            run_id=shared["run"].id,
            score=1,
            contributions={},
            rank=1,
            feasible_mentors=1,
        )
    )


def add_referral(to: "CanaryWorld", person: Person) -> None:
    """The person is referred to the receiver, with a snapshot of their own words."""
    receiver, day = to.partners[RECEIVER], to.world.clock().date()
    staff = to.shared[person.program]["user"]
    words = to.keep(
        ConsentText(
            partner_id=person.row.partner_id, purpose=ConsentPurpose.REFERRAL, language="sv", number=1, body="Får vi?"
        )
    )
    consent = to.keep(
        Consent(
            participant_id=person.row.id,
            partner_id=person.row.partner_id,
            purpose=ConsentPurpose.REFERRAL,
            text_id=words.id,
            recipient_partner_id=receiver,
            giver=ConsentGiver.STAFF,
            given_at=to.world.clock(),
            recorded_by_user_id=staff.id,
        )
    )
    snapshot = {
        "given_name": "Kanarie9999a",
        "family_name": "Kanarie9999b",
        "email": "kanarie9999c@example.org",
        "phone": "+46709999903",
    }
    person.canaries.update(dict.fromkeys(snapshot.values(), "snapshot"))
    shown: dict[str, Any] = {
        "born_on": "1980-01-01",
        "gender": "undisclosed",
        "municipality_code": None,
        "languages": [],
    }
    wishes: dict[str, Any] = {
        "occupation_code": None,
        "goals": [],
        "availability": [],
        "has_remote": True,
        "accepts_gender": None,
    }
    to.keep(
        Referral(
            program_id=to.programs[2],
            cohort_id=to.shared[2]["cohort"].id,
            side=person.side,
            from_partner_id=person.row.partner_id,
            to_partner_id=receiver,
            participant_id=person.row.id,
            consent_id=consent.id,
            sent_by_user_id=staff.id,
            answer_by=day + timedelta(days=7),
            status=ReferralStatus.SENT,
            snapshot={**snapshot, **shown, **wishes},
        ),
        ChangeKind.REFERRAL_SENT,
    )
