"""What is the canary world made of? Partners, programs, staff and what people have in common; see `canary_oracle`."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.domain.changes import ChangeKind
from app.domain.glossary import MeetingMode, Sector, Side
from app.domain.lifecycles import ClearanceStatus, CohortStatus, RunStatus
from app.domain.roles import Permission, Responsibility, Role
from app.features.access.tables import Guarded, UserAccount
from app.features.changes.tables import Change
from app.features.matching.tables import MatchingPolicy, MatchRun
from app.features.plans.tables import Plan, PlanGoal, PlanMeasure
from app.features.preparation.tables import InformationPack
from app.features.programs.tables import Cohort
from app.features.protection.tables import Clearance
from app.features.training.tables import Course, CourseVersion, ProgramCourse, TrainingSession
from tests.canary_events import add_talk
from tests.canary_oracle import FOLLOWERS, SCREENERS, Person, Principal
from tests.canary_records import add_pair, add_person, add_referral
from tests.world import World

D = Responsibility
MATCHES = [D.PROPOSE_MATCHES, D.APPROVE_MATCHES, D.SIGN_MATCH_AGREEMENTS, D.FOLLOW_UP_MATCHES]
FOLLOWING = [*MATCHES, D.HANDLE_INCIDENTS, D.DEFINE_PURPOSE, D.INFORM, D.RECORD_OUTCOMES, D.REPORT_TO_COMMITTEE]
SCREENING = [D.RECRUIT_MENTEES, D.RECRUIT_MENTORS, D.SCREEN_MENTEES, D.SCREEN_MENTORS, D.TRAIN_MENTEES, D.TRAIN_MENTORS]


@dataclass
class CanaryWorld:
    """The world, its people, and everybody who calls."""

    world: World
    each: int
    partners: dict[str, UUID] = field(init=False)
    programs: dict[int, UUID] = field(init=False)
    people: list[Person] = field(default_factory=list)
    principals: list[Principal] = field(default_factory=list)
    shared: dict[int, dict[str, Any]] = field(default_factory=dict)
    coordinators: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        self.partners = {
            "Anna": world.partner("Anna", Sector.MUNICIPALITY),
            "Berit": world.partner("Berit"),
            "Cilla": world.partner("Cilla"),
        }
        anna, berit, cilla = self.partners.values()
        self.programs = {1: world.program(anna), 2: world.program(cilla)}
        world.agree(self.programs[1], {anna: FOLLOWING, berit: SCREENING})
        world.agree(self.programs[2], {cilla: [*FOLLOWING, *SCREENING, D.PROVIDE_HOST_PLACE]})
        self.add_principals()
        for number in self.programs:
            self.shared[number] = self.add_shared(number)
            follower = FOLLOWERS[number]
            add_talk(self, self.programs[number], self.partners[follower], self.coordinators[follower])
        for place in range(self.each):
            mentee, mentor = (
                add_person(self, "Anna", place, 1, Side.MENTEE),
                add_person(self, "Berit", place, 1, Side.MENTOR),
            )
            add_pair(self, mentor, mentee, place)
        theirs = [add_person(self, "Cilla", place, 2, list(Side)[place % 2]) for place in range(self.each)]
        for place, (mentor, mentee) in enumerate(zip(theirs[::2], theirs[1::2], strict=False)):
            add_pair(self, mentor, mentee, place)
        add_referral(self, self.people[0])

    def add_principals(self) -> None:
        staff = [Role.CASE_HANDLER, Role.COORDINATOR, Role.PARTNER_ADMINISTRATOR, Role.PRIVACY_OFFICER]
        staff += [Role.EVALUATOR, Role.SERVICE]
        scopes = [permission.value for permission in Permission]
        for name, partner in self.partners.items():
            for role in staff:
                client = self.world.client(role, partner, scopes if role is Role.SERVICE else None)
                self.principals.append(Principal(f"{name}: {role}", client, role, name))
            self.principals += [self.cleared_handler(name, partner), self.coordinator(name, partner)]
        admin = self.world.client(Role.SYSTEM_ADMINISTRATOR)
        self.principals.append(Principal("system administrator", admin, Role.SYSTEM_ADMINISTRATOR))
        self.principals.append(Principal("nobody", self.world.anonymous))

    def coordinator(self, name: str, partner: UUID) -> Principal:
        """The colleague who says things to other partners."""
        user = self.account("Talför Samordnare", Role.COORDINATOR, partner)
        self.coordinators[name] = user.id
        return Principal(f"{name}: talking coordinator", self.world.client_for(user), Role.COORDINATOR, name)

    def cleared_handler(self, name: str, partner: UUID) -> Principal:
        user = self.account("Behörig Handläggare", Role.CASE_HANDLER, partner)
        day = self.world.clock().date()
        for status in (ClearanceStatus.APPROVED, ClearanceStatus.PROPOSED):
            self.keep(
                Clearance(
                    partner_id=partner,
                    user_id=user.id,
                    status=status,
                    valid_until=day + timedelta(days=90),
                    proposed_by_user_id=user.id,
                ),
                ChangeKind.CLEARANCE_PROPOSED,
            )
        client = self.world.client_for(user)
        return Principal(f"{name}: cleared handler", client, Role.CASE_HANDLER, name, cleared=frozenset({name}))

    def account(self, name: str, role: Role, partner: UUID, email: str | None = None) -> UserAccount:
        email = email or f"k{self.world.number()}@example.org"
        user: UserAccount = self.world.add(UserAccount(name=name, role=role, partner_id=partner, email=email))
        return user

    def keep(self, row: Guarded, kind: ChangeKind | None = None) -> Any:
        """Store a row, with a change about it when `kind` is given."""
        self.world.add(row)
        if kind is not None:
            program, partner = getattr(row, "program_id", None), getattr(row, "partner_id", None)
            subject: dict[str, Any] = {"subject": str(row.__tablename__), "subject_id": row.id}
            self.world.add(
                Change(
                    kind=kind, **subject, program_id=program, partner_id=partner, fields=["given_name"], trace_id="t"
                )
            )
        return row

    def add_plan(self, owner: UUID, responsible: UUID) -> None:
        """A plan of the owner's, with a goal and a measure of somebody else's; texts of organisations only."""
        day = self.world.clock().date()
        days: dict[str, Any] = {"starts_on": day, "ends_on": day + timedelta(days=300)}
        plan = self.keep(
            Plan(partner_id=owner, title="Plan", purpose="Ja.", named_partner_ids=[responsible], **days),
            ChangeKind.PLAN_CREATED,
        )
        part = {"plan_id": plan.id, "partner_id": owner}
        goal = self.keep(PlanGoal(**part, text="Fler"), ChangeKind.PLAN_GOAL_ADDED)
        measured = {"goal_id": goal.id, "responsible_partner_id": responsible}
        self.keep(
            PlanMeasure(**part, **measured, text="Sök upp", starts_on=day, due_on=day),
            ChangeKind.PLAN_MEASURE_ADDED,
        )

    def add_shared(self, number: int) -> dict[str, Any]:
        """What the people of a program have in common; nothing of it is personal."""
        program, holder = self.programs[number], self.partners[SCREENERS[number]]
        day = self.world.clock().date()
        window = {f"{side}_intake_{end}": day for side in Side for end in ("from", "until")}
        cohort = self.keep(
            Cohort(
                program_id=program,
                name="Omgång",
                starts_on=day,
                ends_on=day + timedelta(days=200),
                status=CohortStatus.IN_PROGRESS,
                **window,  # type: ignore[arg-type]  # four days
            )
        )
        course = self.keep(Course(partner_id=holder, title="Grundkurs"))
        version = self.keep(CourseVersion(course_id=course.id, partner_id=holder, number=1, language="sv", minutes=180))
        self.keep(ProgramCourse(program_id=program, course_id=course.id, side=Side.MENTEE))
        policy = self.keep(MatchingPolicy(program_id=program, number=1, document={}, digest="0" * 64))
        user = self.account("Samordnare", Role.COORDINATOR, self.partners[FOLLOWERS[number]])
        self.add_plan(self.partners[FOLLOWERS[number]], holder)
        return {
            "cohort": cohort,
            "user": user,
            "version": version,
            "session": self.keep(
                TrainingSession(
                    partner_id=holder,
                    course_id=course.id,
                    course_version_id=version.id,
                    starts_at=self.world.clock(),
                    ends_at=self.world.clock() + timedelta(hours=3),
                    mode=MeetingMode.IN_PERSON,
                )
            ),
            "pack": self.keep(
                InformationPack(
                    program_id=program, side=Side.MENTEE, language="sv", number=1, title="Att veta", body="Ja."
                )
            ),
            "run": self.keep(
                MatchRun(
                    program_id=program,
                    cohort_id=cohort.id,
                    policy_id=policy.id,
                    policy_number=1,
                    seed=1,
                    status=RunStatus.QUEUED,
                    requested_by_user_id=user.id,
                    trace_id="t",
                )
            ),
        }
