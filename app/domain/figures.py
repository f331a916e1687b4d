"""Which figures does a tertial's report have, what is each taken out of, and by which rule? The fixed set of tables.

There is no other table: no free filter, no other split than by category and by program. Texts stand in `data/rules.json`.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.outcomes import rule_document


class Section(StrEnum):
    """The parts of the report, in its order."""

    RESULTS = "results"
    BEFORE_AND_AFTER = "beforeAndAfter"
    WAITING = "waiting"
    MATCHES = "matches"
    CHILDREN = "children"


class Unit(StrEnum):
    PERSONS = "persons"
    ENROLMENTS = "enrolments"
    MATCHES = "matches"
    CHILDREN = "children"
    PER_MILLE = "perMille"
    DAYS = "days"
    WEEKS = "weeks"


class Measure(StrEnum):
    """What is true of a stay (an enrolment as one sees it in the period), one bit each, in this order."""

    IN_EFFORT = "inEffort"
    ENDED = "ended"
    TO_SELF_SUFFICIENCY = "toSelfSufficiency"
    NEW_WITHIN_A_MONTH = "newWithinAMonth"
    BEFORE_AND_AFTER = "beforeAndAfter"
    INCREASED = "increased"
    SUPPORTED_BEFORE = "supportedBefore"
    SUPPORT_ENDED = "supportEnded"
    SIX_MONTHS_AFTER = "sixMonthsAfter"
    AT_WORK_SIX_MONTHS_AFTER = "atWorkSixMonthsAfter"

    @property
    def bit(self) -> int:
        return 1 << list(Measure).index(self)


class PairMeasure(StrEnum):
    """What is counted of matches."""

    STARTED = "started"
    FIRST_STARTED = "firstStarted"
    CLOSED = "closed"
    CLOSED_EARLY = "closedEarly"


class ParentMeasure(StrEnum):
    """What is counted of mentees with children in the household."""

    ASKED = "asked"
    WITH_NEW_CONTACTS = "withNewContacts"


class WaitMeasure(StrEnum):
    """What is counted of mentees who wait, on one day."""

    WAITING = "waiting"


AnyMeasure = Measure | PairMeasure | ParentMeasure | WaitMeasure


@dataclass(frozen=True)
class Definition:
    """One figure: what it counts, and out of what (`base`; None: it is its own base).

    A share has a base and the unit PER_MILLE. A median, a longest or an amount is taken over the members of `counts`.
    """

    id: str
    section: Section
    unit: Unit
    counts: AnyMeasure
    base: AnyMeasure | None
    rule_id: str

    @property
    def population(self) -> dict[str, str]:
        """Who is counted, in `sv` and `en`."""
        found: dict[str, str] = rule_document()["populations"][self.id]
        return found

    @property
    def title(self) -> dict[str, str]:
        """What a heading calls it, in `sv` and `en`."""
        found: dict[str, str] = rule_document()["titles"][self.id]
        return found


M, P, C = Measure, PairMeasure, ParentMeasure
_R, _B, _W, _M, _C = Section.RESULTS, Section.BEFORE_AND_AFTER, Section.WAITING, Section.MATCHES, Section.CHILDREN
PERSONS, SHARE = Unit.PERSONS, Unit.PER_MILLE

DEFINITIONS: tuple[Definition, ...] = (
    Definition("inEffort", _R, PERSONS, M.IN_EFFORT, None, "tertial.in_effort"),
    Definition("ended", _R, PERSONS, M.ENDED, M.IN_EFFORT, "tertial.ended"),
    Definition("endedToSelfSufficiency", _R, PERSONS, M.TO_SELF_SUFFICIENCY, M.ENDED, "tertial.self_sufficiency"),
    Definition("koladaShare", _R, SHARE, M.TO_SELF_SUFFICIENCY, M.ENDED, "tertial.kolada_share"),
    Definition("enrolmentsInEffort", _R, Unit.ENROLMENTS, M.IN_EFFORT, None, "tertial.in_effort"),
    Definition("enrolmentsEnded", _R, Unit.ENROLMENTS, M.ENDED, M.IN_EFFORT, "tertial.ended"),
    Definition(
        "enrolmentsEndedToSelfSufficiency",
        _R,
        Unit.ENROLMENTS,
        M.TO_SELF_SUFFICIENCY,
        M.ENDED,
        "tertial.self_sufficiency",
    ),
    Definition("esfImmediate", _B, PERSONS, M.NEW_WITHIN_A_MONTH, M.ENDED, "esf.immediate"),
    Definition("sixMonthsAfter", _B, PERSONS, M.SIX_MONTHS_AFTER, None, "esf.six_months_after"),
    Definition("esfLongTerm", _B, PERSONS, M.AT_WORK_SIX_MONTHS_AFTER, M.SIX_MONTHS_AFTER, "esf.long_term"),
    Definition("beforeAndAfter", _B, PERSONS, M.BEFORE_AND_AFTER, M.ENDED, "sus.before_and_after"),
    Definition("susIncreased", _B, PERSONS, M.INCREASED, M.BEFORE_AND_AFTER, "sus.began_or_increased"),
    Definition("supportedBefore", _B, PERSONS, M.SUPPORTED_BEFORE, M.BEFORE_AND_AFTER, "sus.supported_before"),
    Definition("susSupportEnded", _B, PERSONS, M.SUPPORT_ENDED, M.SUPPORTED_BEFORE, "sus.public_support_ended"),
    Definition("matchesStarted", _M, Unit.MATCHES, P.STARTED, None, "match.started"),
    Definition("matchesClosed", _M, Unit.MATCHES, P.CLOSED, None, "match.closed"),
    Definition("matchesClosedEarly", _M, Unit.MATCHES, P.CLOSED_EARLY, P.CLOSED, "match.closed_early"),
    Definition("closedEarlyShare", _M, SHARE, P.CLOSED_EARLY, P.CLOSED, "match.closed_early_share"),
    Definition("matchWeeks", _M, Unit.WEEKS, P.CLOSED, None, "match.length"),
    Definition("waitingDays", _W, Unit.DAYS, P.FIRST_STARTED, None, "match.waiting"),
    Definition("waitingNow", _W, PERSONS, WaitMeasure.WAITING, None, "match.waiting_now"),
    Definition("longestWait", _W, Unit.DAYS, WaitMeasure.WAITING, None, "match.longest_wait"),
    Definition("parents", _C, PERSONS, C.ASKED, None, "children.parents"),
    Definition("parentsWithNewContacts", _C, PERSONS, C.WITH_NEW_CONTACTS, C.ASKED, "children.new_contacts"),
    Definition("childrenReached", _C, Unit.CHILDREN, C.WITH_NEW_CONTACTS, C.ASKED, "children.reached"),
)
