"""How do programmes and their cohorts come to be, change and move on?"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel

from app.domain import catalogue
from app.domain.benchmarks import BenchmarkOverride, profile
from app.domain.changes import ChangeKind
from app.domain.eligibility import EligibilityRules
from app.domain.errors import RuleViolation
from app.domain.glossary import Listing
from app.domain.lifecycles import COHORT, CohortStatus
from app.features.access.scope import Scope
from app.features.changes.actions import record
from app.features.partners.queries import exists
from app.features.programs.queries import coordinators, has_been_agreed, unassured, within_reach
from app.features.programs.schemas import (
    CohortCreate,
    CohortPatch,
    LinkCreate,
    ProgramCreate,
    ProgramPatch,
    TargetCreate,
    TransitionCreate,
)
from app.features.programs.tables import AssuranceRequest, Cohort, Program, ProgramLink, ProgramTarget
from app.kit.columns import amend
from app.kit.mail import compose

DAYS = (
    "starts_on",
    "ends_on",
    "mentor_intake_from",
    "mentor_intake_until",
    "mentee_intake_from",
    "mentee_intake_until",
)
LISTS = ("languages", "districts", "shown_factors")
PERIODS = (DAYS[0:2], DAYS[2:4], DAYS[4:6])
TAKEN_OVER = {
    "summary",
    "description",
    "kind",
    "category",
    "purpose",
    "target_group",
    "languages",
    "profile_id",
    "profile_overrides",
    "eligibility",
}
"""What a programme takes over from its example: nothing of its place, its people or its agreements."""
DAYS_MAY_CHANGE = frozenset({CohortStatus.DRAFT, CohortStatus.OPEN})


def create_program(scope: Scope[None], body: ProgramCreate) -> Program:
    """Start a programme that belongs to the caller's partner.

    Raises: `program.owner_missing`, `partner.unknown`, `program.adopted_by_agreement`, `program.source_missing`,
    `program.assured_in_future`, and what benchmark and eligibility refuse.
    """
    if scope.actor.partner_id is None:
        raise RuleViolation("program.owner_missing")
    given = body.model_dump(exclude={"eligibility"})
    rules = body.eligibility.model_dump(by_alias=True, mode="json", exclude_none=True)
    if body.listing is Listing.ADOPTED:
        raise RuleViolation("program.adopted_by_agreement", pointer="/listing")
    owner = {"owner_partner_id": scope.actor.partner_id, "assured_by_partner_id": _assures(scope, body)}
    program = Program.model_validate({**given, "eligibility": rules, **owner})
    _check_program(scope, program)
    scope.session.add(program)
    record(scope, ChangeKind.PROGRAM_CREATED, program)
    return program


def start_after(scope: Scope[Program], over: Mapping[str, Any]) -> Program:
    """Start a programme of the caller's partner with what an example says of purpose, criteria and cadence.

    `over` replaces what it names. Raises: `program.owner_missing`.
    """
    if scope.actor.partner_id is None:
        raise RuleViolation("program.owner_missing")
    example = scope.row
    provenance = {"example_program_id": example.id, "example_version": example.version}
    taken = {**example.model_dump(include=TAKEN_OVER), **provenance, **over}
    program = Program.model_validate({**taken, "owner_partner_id": scope.actor.partner_id})
    scope.session.add(program)
    record(scope, ChangeKind.PROGRAM_CREATED, program)
    return program


def update_program(scope: Scope[Program], body: ProgramPatch) -> Program:
    """Change a programme; publishing is a change of `is_published`, vouching for it one of `assured_on`.

    Raises as `create_program`, and `program.listing_fixed` once an agreement has been in force.
    """
    program = scope.row
    if body.listing is not None and body.listing is not program.listing:
        _check_listing(scope, body.listing)
    documents: dict[str, Any] = {}
    if "assured_on" in body.model_fields_set:
        documents["assured_by_partner_id"] = _assures(scope, body)
    if "profile_overrides" in body.model_fields_set:
        documents["profile_overrides"] = _merged(program.profile_overrides, body.profile_overrides)
    if "eligibility" in body.model_fields_set:
        rules = body.model_dump(by_alias=True, mode="json", include={"eligibility"}, exclude_unset=True)["eligibility"]
        documents["eligibility"] = _merged(program.eligibility, rules)
    lists: dict[str, Any] = {
        name: [] for name in LISTS if name in body.model_fields_set and getattr(body, name) is None
    }
    plain = {**body.model_dump(exclude_unset=True, exclude={"profile_overrides", "eligibility"}), **lists}
    if changed := amend(program, plain, **documents):
        _check_program(scope, program)
        record(scope, ChangeKind.PROGRAM_UPDATED, program, changed)
    return program


def add_target(scope: Scope[Program], body: TargetCreate) -> ProgramTarget:
    """Give the purpose a number and a day."""
    target = ProgramTarget.model_validate({**body.model_dump(), "program_id": scope.row.id})
    scope.session.add(target)
    record(scope, ChangeKind.TARGET_ADDED, target)
    return target


def link_program(scope: Scope[Program], body: LinkCreate) -> Program:
    """Say that the programme cooperates with another that the caller sees. Raises: `program.unknown`."""
    other = within_reach(scope, body.linked_program_id)
    if other is None:
        raise RuleViolation("program.unknown", pointer="/linkedProgramId")
    link = ProgramLink(program_id=scope.row.id, linked_program_id=other.id)
    scope.session.add(link)
    record(scope, ChangeKind.PROGRAM_LINKED, link)
    return other


def create_cohort(scope: Scope[Program], body: CohortCreate) -> Cohort:
    """Plan a cohort, as a draft. Raises: `cohort.period_invalid`."""
    cohort = Cohort.model_validate({**body.model_dump(), "program_id": scope.row.id})
    _check_periods(cohort)
    scope.session.add(cohort)
    record(scope, ChangeKind.COHORT_CREATED, cohort)
    return cohort


def update_cohort(scope: Scope[Cohort], body: CohortPatch) -> Cohort:
    """Change a cohort that has not ended.

    Raises: `cohort.ended`, `cohort.period_invalid`, `cohort.days_fixed`; `cohort.day_passed` when an open cohort would
    move a day that has passed, or move one into the past.
    """
    cohort = scope.row
    if COHORT.is_terminal(cohort.status) or cohort.status is CohortStatus.COMPLETED:
        raise RuleViolation("cohort.ended", status=cohort.status.value)
    before = {name: getattr(cohort, name) for name in DAYS}
    if changed := amend(cohort, body):
        _check_periods(cohort)
        _check_moved_days(cohort, {name: day for name, day in before.items() if name in changed}, scope.today)
        record(scope, ChangeKind.COHORT_UPDATED, cohort, changed)
    return cohort


def move_cohort(scope: Scope[Cohort], body: TransitionCreate) -> Cohort:
    """Take a cohort to its next state.

    Raises: `cohort.open_by_opening` (opening is an act of its own, with the readiness check),
    `cohort.transition_not_allowed`, `cohort.reason_missing` for a cancellation without a reason.
    """
    if body.to is CohortStatus.OPEN:
        raise RuleViolation("cohort.open_by_opening")
    cohort = scope.row
    COHORT.check(cohort.status, body.to)
    if body.to is CohortStatus.CANCELLED and body.reason is None:
        raise RuleViolation("cohort.reason_missing", pointer="/reason")
    record(scope, ChangeKind.COHORT_MOVED, cohort, amend(cohort, {"status": body.to, "status_reason": body.reason}))
    return cohort


def adopt_program(scope: Scope[Any], program: Program) -> None:
    """An agreement has come into force for the programme: if it was only described, it is adopted now."""
    if program.listing is Listing.LISTED:
        record(scope, ChangeKind.PROGRAM_UPDATED, program, amend(program, {"listing": Listing.ADOPTED}))


def ask_for_assurance(scope: Scope[None], partner_id: UUID, sender: str) -> list[EmailMessage]:
    """Note that a partner is asked whether its descriptions hold; the letters to its coordinators.

    No letter and no note where nobody could read it.
    """
    programs = unassured(scope.session, scope.today).get(partner_id, [])
    readers = coordinators(scope.session, partner_id) if programs else []
    if not readers:
        return []
    for program in programs:
        asked = AssuranceRequest(program_id=program.id, asked_on=scope.today)
        scope.session.add(asked)
        record(scope, ChangeKind.ASSURANCE_REQUESTED, asked)
    subject, body = catalogue.ask_for_assurance([one.name for one in programs])
    return [
        compose(sender=sender, to=one, subject=subject, body=body, key=f"{asked.id}-{place}", at=scope.now)
        for place, one in enumerate(readers)
    ]


def _assures(scope: Scope[Any], body: ProgramCreate | ProgramPatch) -> UUID | None:
    """Who vouches: the partner of whoever says that the description holds on a day. Raises: `program.assured_in_future`."""
    if body.assured_on is not None and body.assured_on > scope.today:
        raise RuleViolation("program.assured_in_future", pointer="/assuredOn")
    return scope.actor.partner_id if body.assured_on is not None else None


def _check_listing(scope: Scope[Program], wanted: Listing) -> None:
    if wanted is Listing.ADOPTED:
        raise RuleViolation("program.adopted_by_agreement", pointer="/listing")
    if has_been_agreed(scope.session, scope.row.id):
        raise RuleViolation("program.listing_fixed", pointer="/listing")


def _check_program(scope: Scope[Any], program: Program) -> None:
    if program.listing is Listing.LISTED:
        for name in ("source", "organizer"):
            if getattr(program, name) is None:
                raise RuleViolation("program.source_missing", pointer=f"/{name}")
    initiator = program.initiator_partner_id
    if initiator is not None and not exists(scope.session, initiator):
        raise RuleViolation("partner.unknown", pointer="/initiatorPartnerId")
    with _under("/profileId"):
        profile(program.profile_id)
    with _under("/profileOverrides"):
        BenchmarkOverride.parse(program.profile_overrides)
    with _under("/eligibility"):
        EligibilityRules.parse(program.eligibility)


@contextmanager
def _under(pointer: str) -> Iterator[None]:
    """Point into the request where the domain points into one of its fields."""
    try:
        yield
    except RuleViolation as refused:
        refused.pointer = pointer + (refused.pointer or "")
        raise


def _merged(stored: Mapping[str, Any], patch: Mapping[str, Any] | None) -> dict[str, Any]:
    """RFC 7396 over one flat document: null removes a key, and null for all of it removes everything."""
    if patch is None:
        return {}
    return {key: value for key, value in {**stored, **patch}.items() if value is not None}


def _check_periods(cohort: Cohort) -> None:
    for first, last in PERIODS:
        if getattr(cohort, first) > getattr(cohort, last):
            raise RuleViolation("cohort.period_invalid", pointer=f"/{to_camel(last)}")


def _check_moved_days(cohort: Cohort, before: Mapping[str, date], today: date) -> None:
    if before and cohort.status not in DAYS_MAY_CHANGE:
        raise RuleViolation("cohort.days_fixed", status=cohort.status.value)
    for name, day in before.items():
        if cohort.status is CohortStatus.OPEN and min(day, getattr(cohort, name)) < today:
            raise RuleViolation("cohort.day_passed", pointer=f"/{to_camel(name)}")
