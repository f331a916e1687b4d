"""What is stored about the person, in every slice? Written directly, all invented."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.changes import ChangeKind
from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import ConsentGiver, ConsentPurpose, Gender, MeetingMode, Side
from app.domain.lifecycles import (
    MatchStatus,
    ReferralStatus,
    RunStatus,
    SessionStatus,
)
from app.domain.matching.policy import Policy, digest
from app.domain.outcomes import IncomeSource, Occasion, Occupation
from app.features.changes.tables import Change
from app.features.consents.tables import Consent, ConsentText
from app.features.follow_ups.tables import FollowUp
from app.features.matches.tables import Match, Meeting
from app.features.matching.tables import MatchingPolicy, MatchRun, MatchRunCertificate, MatchRunPair
from app.features.outcomes.tables import HouseholdAnswer, Outcome
from app.features.participants.tables import Attestation, ContactDigest, DigestKind, Guardian, Participant
from app.features.preparation.tables import Acknowledgement, ExpectationAnswer, InformationPack
from app.features.referrals.schemas import ReferralSnapshot
from app.features.referrals.tables import Referral
from app.features.training.tables import Attendance, Course, CourseVersion, TrainingRecord, TrainingSession

if TYPE_CHECKING:
    from tests.features.protection.scene import Scene

NAME = "Gulfjaderson"


def add_run(scene: "Scene", status: RunStatus) -> MatchRun:
    """A run over the cohort whose pool held the person, as the job would store it."""
    world, document = scene.world, scene.policy_document
    policy = MatchingPolicy(
        program_id=scene.program, number=world.number(), document=document, digest=digest(Policy.parse(document))
    )
    world.add(policy)
    run: MatchRun = world.add(
        MatchRun(
            program_id=scene.program,
            cohort_id=scene.cohort,
            policy_id=policy.id,
            policy_number=policy.number,
            seed=1,
            status=status,
            requested_by_user_id=scene.cleared_user.id,
            trace_id="t",
            counted_on=scene.today,
            engine_version="2",
            pool_digest="0" * 64,
            policy_digest="0" * 64,
            is_optimal=True,
        )
    )
    if status in {RunStatus.QUEUED, RunStatus.RUNNING}:
        return run
    owner: dict[str, Any] = {"program_id": scene.program, "run_id": run.id}
    mentee: dict[str, Any] = {"enrolment_id": str(scene.enrolment.id), "price": 1, "waiting_days": 1}
    mentor: dict[str, Any] = {"enrolment_id": str(scene.mentors_enrolment.id), "price": 1, "free_places": 1}
    world.add(
        MatchRunCertificate(**owner, base=1, weight=1, bound=1, mentees=[mentee], mentors=[mentor]),
        MatchRunPair(
            **owner,
            mentor_enrolment_id=scene.mentors_enrolment.id,
            mentee_enrolment_id=scene.enrolment.id,
            score=0,
            contributions={},
            rank=1,
            feasible_mentors=1,
        ),
    )
    return run


def pair(scene: "Scene") -> Match:
    """The match of the two, with a meeting and follow-ups."""
    people: dict[str, Any] = {"mentor_participant_id": scene.mentor.id, "mentee_participant_id": scene.person.id}
    match: Match = scene.world.add(
        Match(
            program_id=scene.program,
            cohort_id=scene.cohort,
            mentor_enrolment_id=scene.mentors_enrolment.id,
            mentee_enrolment_id=scene.enrolment.id,
            **people,
            mentor_partner_id=scene.other,
            mentee_partner_id=scene.holder,
            status=MatchStatus.ACTIVE,
            mentor_place=1,
            answer_by=scene.today,
            started_on=scene.today,
            ends_on=scene.today + timedelta(days=90),
        )
    )
    in_match: dict[str, Any] = {"program_id": scene.program, "match_id": match.id, **people}
    whose: dict[str, Any] = {
        "enrolment_id": scene.mentors_enrolment.id,
        "participant_id": scene.mentor.id,
        "side": Side.MENTOR,
    }
    scene.world.add(
        Meeting(
            **in_match,
            held_on=scene.today,
            minutes=30,
            mode=MeetingMode.IN_PERSON,
            logged_by_user_id=scene.cleared_user.id,
        ),
        FollowUp(**in_match, kind=FollowUpKind.CHECK_IN_MENTOR, due_on=scene.today, **whose),
        FollowUp(**in_match, kind=FollowUpKind.IN_DEPTH, due_on=scene.today),
    )
    return match


def facts(scene: "Scene") -> Referral:
    """What each slice knows of the person; answers the referral."""
    world = scene.world
    by: dict[str, Any] = {"recorded_by_user_id": scene.cleared_user.id}
    of_person: dict[str, Any] = {"participant_id": scene.person.id, "partner_id": scene.holder}
    of_enrolment: dict[str, Any] = {**of_person, "program_id": scene.program, "enrolment_id": scene.enrolment.id}
    side: dict[str, Any] = {"side": Side.MENTEE}
    text = ConsentText(
        partner_id=scene.holder, purpose=ConsentPurpose.REFERRAL, language="sv", number=world.number(), body="Ja?"
    )
    pack = InformationPack(
        program_id=scene.program, **side, language="sv", number=world.number(), title="Att veta", body="Ärligt."
    )
    guardian = Guardian(**of_person, **by, given_name="Vårdnad", family_name=NAME)
    consent = Consent(
        **of_person,
        **by,
        purpose=ConsentPurpose.REFERRAL,
        text_id=text.id,
        recipient_partner_id=scene.duties,
        giver=ConsentGiver.STAFF,
        given_at=world.clock(),
    )
    referral = Referral(
        program_id=scene.program,
        cohort_id=scene.cohort,
        **side,
        from_partner_id=scene.holder,
        to_partner_id=scene.duties,
        participant_id=scene.person.id,
        consent_id=consent.id,
        sent_by_user_id=scene.cleared_user.id,
        answer_by=scene.today + timedelta(days=14),
        status=ReferralStatus.SENT,
        snapshot=scene.person.model_dump(mode="json", include=set(ReferralSnapshot.model_fields)),
    )
    attested: dict[str, Any] = {"attested_by_user_id": scene.cleared_user.id, "attested_on": scene.today}
    # The holder has another record that may be of the same person.
    twin = Participant(
        partner_id=scene.holder,
        given_name="Tvilling",
        family_name="Post",
        born_on=date(1980, 1, 1),
        gender=Gender.UNDISCLOSED,
    )
    same = f"{world.number():064}"
    world.add(text, pack, guardian, consent, referral, twin)
    world.add(ContactDigest(participant_id=twin.id, partner_id=scene.holder, kind=DigestKind.EMAIL, digest=same))
    world.add(
        Attestation(**of_person, **attested, code="registerExtract", is_met=True),
        ContactDigest(**of_person, kind=DigestKind.EMAIL, digest=same),
        Acknowledgement(**of_enrolment, **by, **side, pack_id=pack.id, acknowledged_at=world.clock()),
        ExpectationAnswer(**of_enrolment, **by, **side, questionnaire_version=1, answers={}, answered_at=world.clock()),
        Outcome(
            **of_enrolment,
            **by,
            occasion=Occasion.ENTRY,
            observed_on=scene.today,
            income_source=IncomeSource.NONE,
            occupation=Occupation.NONE,
        ),
        HouseholdAnswer(
            **{name: value for name, value in of_enrolment.items() if name != "partner_id"},
            **by,
            children_count=2,
            answered_on=scene.today,
        ),
    )
    return referral


def training(scene: "Scene") -> None:
    """A session attended, a course completed."""
    world = scene.world
    course = Course(partner_id=scene.duties, title=f"Kurs {world.number()}")
    version = CourseVersion(course_id=course.id, partner_id=scene.duties, number=1, language="sv", minutes=60)
    session = TrainingSession(
        partner_id=scene.duties,
        course_id=course.id,
        course_version_id=version.id,
        starts_at=world.clock() - timedelta(hours=2),
        ends_at=world.clock() - timedelta(hours=1),
        mode=MeetingMode.IN_PERSON,
        status=SessionStatus.HELD,
    )
    held: dict[str, Any] = {
        "program_id": scene.program,
        "enrolment_id": scene.enrolment.id,
        "participant_id": scene.person.id,
        "partner_id": scene.holder,
        "side": Side.MENTEE,
        "recorded_by_user_id": scene.cleared_user.id,
    }
    world.add(course, version, session)
    world.add(
        Attendance(**held, session_id=session.id),
        TrainingRecord(**held, title="Grundkurs", minutes=60, completed_on=scene.today),
    )


def changes(scene: "Scene") -> None:
    """Something in the log about every row about the person."""
    for row in (scene.person, scene.enrolment, scene.match, scene.run, scene.referral):
        scene.world.add(
            Change(
                kind=ChangeKind.PARTICIPANT_UPDATED,
                subject=str(row.__tablename__),
                subject_id=row.id,
                program_id=getattr(row, "program_id", None),
                partner_id=getattr(row, "partner_id", None),
                trace_id="t",
            )
        )
    login = Change(
        kind=ChangeKind.USER_CREATED,
        subject="user_account",
        subject_id=scene.person.user_id or scene.person.id,
        partner_id=scene.holder,
        trace_id="t",
    )
    scene.world.add(login)
