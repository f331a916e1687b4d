"""Who would sing if data got out? Three partners with people of their own, a word of their own in every text of theirs."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.follow_ups import AnswerCorrectionReason, FollowUpKind
from app.domain.glossary import ConsentGiver, ConsentPurpose, Gender, MeetingMode, Side
from app.domain.lifecycles import CohortStatus, EnrolmentStatus, MatchStatus, ReferralStatus, RunStatus
from app.domain.matching.proposal import UnmatchedKind
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.domain.reminders import LetterKind, Rung
from app.domain.roles import Permission, Responsibility, Role
from app.features.access.tables import Guarded, UserAccount
from app.features.agreements.tables import DutyHandover
from app.features.consents.tables import Consent, ConsentText
from app.features.enrolments.tables import Enrolment
from app.features.follow_ups.tables import FollowUp, FollowUpVersion, Letter, ProgramQuestionnaire, Reminder
from app.features.matches.tables import Match, MatchAgreementText
from app.features.matching.tables import (
    BlockReason,
    MatchingPolicy,
    MatchRun,
    MatchRunCertificate,
    MatchRunPair,
    MatchRunPin,
    MatchRunUnmatched,
    PairBlock,
)
from app.features.outcomes.tables import HouseholdAnswer, Outcome
from app.features.participants.tables import Attestation, ContactDigest, DigestKind, Guardian, LinkDecision, Participant
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer, InformationPack
from app.features.programs.tables import Cohort
from app.features.protection.tables import Clearance
from app.features.referrals.tables import Referral
from app.features.training.tables import (
    Attendance,
    Course,
    CourseVersion,
    ProgramCourse,
    TrainingRecord,
    TrainingSession,
)
from tests.flock_events import converse, happen, sent
from tests.world import Client, World

LETTERS = "ABC"
STAFF = (Role.CASE_HANDLER, Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR, Role.SERVICE)


def word(letters: str, of: str) -> str:
    """A text that tells whose it is wherever it turns up."""
    return f"kanarie-{letters}-{of}"


@dataclass
class Flock:
    """One partner's people and everything about them; `rows` holds one row or more of each table."""

    letter: str
    partner: UUID
    program: UUID
    agreement: UUID
    clients: dict[str, Client] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def first(self, kind: type[Guarded]) -> Any:
        return self.rows[str(kind.__tablename__)][0]


@dataclass
class Nest:
    """Puts a flock into the world, beside the other partners'."""

    world: World
    flock: Flock
    partners: dict[str, UUID]

    def add(self, kind: type[Any], /, **fields: Any) -> Any:
        stored = self.world.add(kind(**fields))
        self.flock.rows.setdefault(str(kind.__tablename__), []).append(stored)
        return stored

    def say(self, of: str) -> str:
        return word(self.flock.letter, of)

    def fill(self) -> None:
        where = {"program_id": self.flock.program}
        day = self.world.clock().date()
        days = {name: day for name in Cohort.model_fields if name.endswith(("_on", "_from", "_until"))}
        cohort = self.add(Cohort, **where, name="Omgång", status=CohortStatus.OPEN, **days)
        mentor, mentee, third = (self.person(one) for one in ("mentor", "mentee", "third"))
        pair = [
            self.enrolled(cohort, one, side)
            for one, side in ((mentor, Side.MENTOR), (mentee, Side.MENTEE), (third, Side.MENTEE))
        ]
        for person, enrolment in zip((mentor, mentee, third), pair, strict=True):
            self.about(person, enrolment, day)
        self.add(LinkDecision, **_ordered(mentor.id, third.id), is_same_person=False, decided_by_user_id=mentor.user_id)
        self.asked(mentor.user_id, day)
        sent(self, mentor)
        converse(self)
        self.matched(cohort, pair, day)
        self.run(cohort, pair, mentor.user_id)
        self.add(
            Clearance,
            partner_id=self.flock.partner,
            user_id=mentor.user_id,
            valid_until=day,
            proposed_by_user_id=mentee.user_id,
        )
        self.add(
            DutyHandover,
            **where,
            duty=Responsibility.INFORM,
            from_partner_id=self.flock.partner,
            to_partner_id=self.flock.partner,
            begins_on=day,
            reason="Påhittat",
            proposed_by_user_id=mentor.user_id,
        )

    def asked(self, user_id: UUID | None, day: date) -> None:
        self.add(
            ProgramQuestionnaire,
            program_id=self.flock.program,
            kind=FollowUpKind.ENTRY,
            number=1,
            since_on=day,
            base_version=1,
            questions=[],
            published_by_user_id=user_id,
        )

    def person(self, name: str) -> Participant:
        role = Role.MENTOR if name == "mentor" else Role.MENTEE
        email = f"{self.say(name)}@example.org"
        account = self.add(UserAccount, partner_id=self.flock.partner, name=self.say(name), email=email, role=role)
        self.flock.clients[name] = self.world.client_for(account)
        person: Participant = self.add(
            Participant,
            partner_id=self.flock.partner,
            user_id=account.id,
            external_system="x",
            external_id=self.say(f"{name}-extern"),
            given_name=self.say(name),
            family_name=self.say(f"{name}-efternamn"),
            email=email,
            phone=self.say(name)[-20:],
            born_on=date(1990, 1, 1),
            gender=Gender.UNDISCLOSED,
        )
        return person

    def enrolled(self, cohort: Cohort, person: Participant, side: Side) -> Enrolment:
        enrolment: Enrolment = self.add(
            Enrolment,
            program_id=cohort.program_id,
            cohort_id=cohort.id,
            participant_id=person.id,
            partner_id=person.partner_id,
            side=side,
            status=EnrolmentStatus.READY,
            applied_on=cohort.starts_on,
        )
        return enrolment

    def about(self, person: Participant, enrolment: Enrolment, day: date) -> None:
        held = {"participant_id": person.id, "partner_id": person.partner_id}
        by = {"recorded_by_user_id": person.user_id}
        self.add(
            Attestation,
            **held,
            code=self.say("intyg"),
            is_met=True,
            attested_on=day,
            attested_by_user_id=person.user_id,
        )
        guardian = self.add(
            Guardian, **held, **by, given_name=self.say("vardnadshavare"), family_name=self.say("vardnadshavare")
        )
        self.add(ContactDigest, **held, guardian_id=guardian.id, kind=DigestKind.EMAIL, digest=self.say("digest"))
        text = self.add(
            ConsentText,
            partner_id=person.partner_id,
            purpose=ConsentPurpose.SHARE_IN_PROGRAM,
            language="sv",
            number=self.world.number(),
            body="Påhittad text.",
        )
        consent = self.add(
            Consent,
            **held,
            **by,
            purpose=ConsentPurpose.SHARE_IN_PROGRAM,
            text_id=text.id,
            program_id=self.flock.program,
            giver=ConsentGiver.SELF,
            given_at=self.world.clock(),
        )
        own = {**held, **by, "program_id": self.flock.program, "enrolment_id": enrolment.id, "side": enrolment.side}
        self.prepared(own, day)
        self.add(
            Outcome,
            **{name: value for name, value in own.items() if name != "side"},
            occasion=Occasion.ENTRY,
            observed_on=day,
            income_source=IncomeSource.WAGES,
            occupation=Occupation.WORK,
        )
        home = {"program_id": self.flock.program, "enrolment_id": enrolment.id, "participant_id": person.id}
        self.add(HouseholdAnswer, **home, **by, children_count=2, answered_on=day)
        self.referred(person, enrolment, consent, day)

    def prepared(self, own: dict[str, Any], day: date) -> None:
        where, at = {"program_id": self.flock.program}, self.world.clock()
        course = self.add(Course, partner_id=self.flock.partner, title=f"Kurs {self.world.number()}")
        version = self.add(
            CourseVersion, course_id=course.id, partner_id=course.partner_id, number=1, language="sv", minutes=60
        )
        self.add(ProgramCourse, **where, course_id=course.id, side=own["side"])
        session = self.add(
            TrainingSession,
            partner_id=course.partner_id,
            course_id=course.id,
            course_version_id=version.id,
            starts_at=at,
            ends_at=at.replace(hour=at.hour + 1),
            mode=MeetingMode.IN_PERSON,
        )
        self.add(Attendance, **own, session_id=session.id)
        self.add(TrainingRecord, **own, title=self.say("kurs"), minutes=60, completed_on=day)
        pack = self.add(
            InformationPack, **where, side=own["side"], language="sv", number=self.world.number(), title="x", body="x"
        )
        self.add(Acknowledgement, **own, pack_id=pack.id, acknowledged_at=at)
        self.add(
            ExpectationAnswer, **own, questionnaire_version=1, answers={"q": self.say("forvantan")}, answered_at=at
        )

    def referred(self, person: Participant, enrolment: Enrolment, consent: Consent, day: date) -> None:
        """To the next partner in the ring; both hold what it says."""
        after = LETTERS[(LETTERS.index(self.flock.letter) + 1) % len(LETTERS)]
        self.add(
            Referral,
            program_id=self.flock.program,
            cohort_id=enrolment.cohort_id,
            side=enrolment.side,
            from_partner_id=self.flock.partner,
            to_partner_id=self.partners[after],
            participant_id=person.id,
            consent_id=consent.id,
            sent_by_user_id=person.user_id,
            answer_by=day,
            status=ReferralStatus.SENT,
            snapshot={"givenName": word(self.flock.letter + after, "hanvisad")},
        )

    def matched(self, cohort: Cohort, pair: list[Enrolment], day: date) -> None:
        where = {"program_id": self.flock.program}
        mentor, mentee, _ = pair
        both = {"mentor_participant_id": mentor.participant_id, "mentee_participant_id": mentee.participant_id}
        match = self.add(
            Match,
            **where,
            **both,
            cohort_id=cohort.id,
            mentor_enrolment_id=mentor.id,
            mentee_enrolment_id=mentee.id,
            mentor_partner_id=mentor.partner_id,
            mentee_partner_id=mentee.partner_id,
            status=MatchStatus.ACTIVE,
            mentor_place=1,
            started_on=day,
            ends_on=day,
            contributions={self.say("bidrag"): 1},
            answer_by=day,
        )
        happen(self, match, day, {**where, **both})
        for one in (mentee, None):
            self.followed(match, {**where, **both, "participant_id": one and one.participant_id}, one, day)

    def followed(self, match: Match, whom: dict[str, Any], one: Enrolment | None, day: date) -> None:
        contact = self.add(
            FollowUp,
            **whom,
            match_id=match.id,
            enrolment_id=one and one.id,
            side=one and one.side,
            kind=FollowUpKind.CHECK_IN_MENTEE,
            due_on=day,
            answers={"q": self.say("svar")},
        )
        user, now = self.flock.first(UserAccount).id, self.world.clock()
        letter = self.world.add(
            Letter(user_id=user, program_id=self.flock.program, kind=LetterKind.ACCOUNTABLE, next_at=now)
        )
        about: dict[str, Any] = {**whom, "follow_up_id": contact.id}
        self.add(Reminder, **about, due_on=day, rung=Rung.ACCOUNTABLE, user_id=user, letter_id=letter.id)
        self.add(
            FollowUpVersion,
            **about,
            number=1,
            done_on=day,
            submitted_at=now,
            submitted_by_user_id=user,
            questionnaire_version=1,
            answers={"q": self.say("rattat")},
            correction_reason=AnswerCorrectionReason.OTHER,
            corrected_at=now,
            corrected_by_user_id=user,
        )

    def run(self, cohort: Cohort, pair: list[Enrolment], user_id: UUID | None) -> None:
        where = {"program_id": self.flock.program}
        mentor, mentee, third = pair
        self.add(MatchAgreementText, **where, language="sv", number=1, title="x", preamble="x", points=["x"])
        policy = self.add(MatchingPolicy, **where, number=1, document={}, digest="x")
        run = self.add(
            MatchRun,
            **where,
            cohort_id=cohort.id,
            policy_id=policy.id,
            policy_number=1,
            seed=1,
            status=RunStatus.COMPLETED,
            requested_by_user_id=user_id,
            trace_id="0" * 32,
        )
        of = {**where, "run_id": run.id}
        self.add(
            PairBlock,
            **where,
            mentor_enrolment_id=mentor.id,
            mentee_enrolment_id=third.id,
            mentor_participant_id=mentor.participant_id,
            mentee_participant_id=third.participant_id,
            reason=BlockReason.BY_STAFF,
            decided_by_user_id=user_id,
        )
        prices = {"base": 1, "weight": 1, "bound": 1}
        self.add(MatchRunCertificate, **of, **prices, mentees=[_price(mentee), _price(third)], mentors=[_price(mentor)])
        self.add(
            MatchRunPair,
            **of,
            mentor_enrolment_id=mentor.id,
            mentee_enrolment_id=mentee.id,
            score=1,
            contributions={},
            rank=1,
            feasible_mentors=1,
        )
        self.add(MatchRunPin, **of, mentor_enrolment_id=mentor.id, mentee_enrolment_id=third.id)
        self.add(
            MatchRunUnmatched,
            **of,
            mentee_enrolment_id=third.id,
            kind=UnmatchedKind.PLACES_RAN_OUT,
            feasible_mentors=1,
        )


def _price(enrolment: Enrolment) -> dict[str, Any]:
    return {"enrolment_id": str(enrolment.id), "price": 1, "waiting_days": 0, "free_places": 1}


def _ordered(one: UUID, other: UUID) -> dict[str, UUID]:
    first, second = sorted((one, other))
    return {"first_participant_id": first, "second_participant_id": second}


def fill(world: World) -> list[Flock]:
    """Three partners, each with a program of its own, all its duties, three people, and somebody in every role."""
    partners = {letter: world.partner() for letter in LETTERS}
    flocks = []
    for letter, partner in partners.items():
        program = world.program(partner)
        agreement = world.agree(program, {partner: list(Responsibility)})
        flock = Flock(letter, partner, program, agreement)
        flock.clients |= {
            role.value: world.client(role, partner, [one.value for one in Permission] if role is Role.SERVICE else None)
            for role in STAFF
        }
        flocks.append(flock)
        Nest(world, flock, partners).fill()
    return flocks
