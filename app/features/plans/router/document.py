"""What does a plan's document say, chapter by chapter? In Swedish; how it looks is decided by page and print."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from app.domain.lifecycles import MeasureStatus, PlanStatus
from app.domain.missing import gap_texts
from app.domain.plans import DecisionKind
from app.domain.swedish import WITHHELD, day, part_said, whole
from app.features.gaps.schemas import GapNumbers, PeopleAmount
from app.features.plans.schemas import MeasureRead, NoteRead, PlanProgress, PlanRead
from app.kit.booklets import Chapter, Document, Table
from app.kit.charts import Look, Twin, twins
from app.kit.clock import today

STATUSES = {
    MeasureStatus.PLANNED: "planerad",
    MeasureStatus.ONGOING: "pågår",
    MeasureStatus.DONE: "klar",
    MeasureStatus.CANCELLED: "ställs in",
}
DECISIONS = {
    DecisionKind.COMMISSION: "Uppdrag",
    DecisionKind.ADOPTION: "Antagande",
    DecisionKind.FOLLOW_UP: "Uppföljning",
    DecisionKind.CLOSING: "Avslut",
}
CHILDREN = "Konsekvenser för barn"
NOT_YET = "Ännu inte beskrivet. Planen kan inte antas utan det."
Names = Mapping[UUID, str]
"""Of partners and programmes, by id."""


def document_of(plan: PlanRead, progress: PlanProgress, names: Names, look: Look) -> Document:
    """The document of a plan as somebody may read it, with drawings for the typeface that is at hand."""
    late = sum(one.is_late for one in progress.measures)
    return Document(
        what="Plan för mentorskapsprogram",
        title=plan.title,
        period=f"{day(plan.starts_on)} till {day(plan.ends_on)}",
        standing=f"{_standing(plan)} Uppgifterna lästes {day(today(progress.as_of))}.",
        method=f"Ägare: {names[plan.partner_id]}.",
        heroes=[
            (whole(len(plan.goals)), "mål"),
            (whole(len(plan.measures)), "åtgärd" if len(plan.measures) == 1 else "åtgärder"),
            (whole(progress.measures_by_status.get(MeasureStatus.DONE, 0)), "klara"),
            (whole(late), "försenade"),
        ],
        chapters=[
            Chapter("Syfte", [*_paragraphs(plan.purpose), *_together(plan, names)]),
            _goals(plan),
            _measures(plan, names),
            *_gaps(progress, look),
            Chapter(CHILDREN, _paragraphs(plan.children or NOT_YET)),
            _decisions(plan),
            *_course(progress, names),
        ],
    )


def _standing(plan: PlanRead) -> str:
    told = {
        PlanStatus.DRAFT: f"Utkast till version {plan.number}.",
        PlanStatus.DECIDED: f"Version {plan.number}, beslutad.",
        PlanStatus.FOLLOWED_UP: f"Version {plan.number}, uppföljd.",
        PlanStatus.CLOSED: f"Version {plan.number}, avslutad.",
    }
    return told[plan.status]


def _paragraphs(text: str) -> list[str]:
    return [one.strip() for one in text.split("\n") if one.strip()]


def _together(plan: PlanRead, names: Names) -> Iterator[str]:
    if plan.with_partner_ids:
        yield f"Planen är utarbetad tillsammans med {_listed([names[one] for one in plan.with_partner_ids])}."


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} och {last}" if first else last


def _goals(plan: PlanRead) -> Chapter:
    rows = [
        [
            one.text,
            "" if one.number is None else f"{whole(one.number)} {one.unit}",
            "" if one.due_on is None else day(one.due_on),
            "" if one.reached is None else whole(one.reached),
        ]
        for one in plan.goals
    ]
    table = Table("Mål", ["Mål", "Antal", "Senast", "Nått hittills"], rows, is_prose=True, widths=(3, 1.2, 1.2, 1))
    return Chapter("Mål", [] if rows else ["Planen har inga mål än."], tables=[table] if rows else [])


def _measures(plan: PlanRead, names: Names) -> Chapter:
    goals = {one.id: number for number, one in enumerate(plan.goals, 1)}
    rows = [
        [
            f"{goals[one.goal_id]}. {one.text}{_in_programs(one, names)}",
            names[one.responsible_partner_id],
            f"{day(one.starts_on)} till {day(one.due_on)}",
            STATUSES[one.status] + (f": {one.status_reason}" if one.status_reason else ""),
        ]
        for one in sorted(plan.measures, key=lambda one: (goals[one.goal_id], one.due_on))
    ]
    headings = ["Åtgärd", "Ansvarig", "När", "Läge"]
    table = Table("Åtgärder", headings, rows, is_prose=True, widths=(3, 1.5, 1.6, 1.1))
    told = "Siffran framför åtgärden är målets ordning." if rows else "Planen har inga åtgärder än."
    return Chapter("Åtgärder", [told], tables=[table] if rows else [])


def _in_programs(measure: MeasureRead, names: Names) -> str:
    found = [names[one] for one in measure.program_ids if one in names]
    return f" ({_listed(found)})" if found else ""


def _gaps(progress: PlanProgress, look: Look) -> Iterator[Chapter]:
    linked = [(one, one.gap) for one in progress.measures if one.gap is not None]
    if not linked:
        return
    drawn, rows = [], []
    for measure, gap in linked:
        part = gap.gap
        name = part_said(part.category, part.kind, part.language, part.district, part.municipality_code)
        drawn.append(
            Twin(
                name,
                gap.baseline.waiting.value,
                f"{_waiting(gap.baseline)} {day(gap.baseline_on)}",
                gap.now.waiting.value,
                f"{_waiting(gap.now)} nu",
            )
        )
        rows.append([f"{name} ({measure.text})", *_then_and_now(gap.baseline, gap.now)])
    alt = "; ".join(f"{one.name}: {one.first_said}, {one.second_said}" for one in drawn) + "."
    headings = ["Lucka", "Platser då", "Platser nu", "Väntade då", "Väntar nu"]
    text = f"Vad åtgärderna gäller: hur många som väntade när planen skrevs, och nu. {gap_texts()['methods']['protected']['sv']}"
    yield Chapter(
        "Luckorna då och nu",
        [text],
        [twins("Luckorna då och nu", alt, drawn, look)],
        [Table("Luckorna då och nu", headings, rows)],
    )


def _then_and_now(then: GapNumbers, now: GapNumbers) -> list[str]:
    return [whole(then.places), whole(now.places), _said(then.waiting), _said(now.waiting)]


def _waiting(numbers: GapNumbers) -> str:
    return "antalet väntande visas inte" if numbers.waiting.value is None else f"{whole(numbers.waiting.value)} väntade"


def _said(amount: PeopleAmount) -> str:
    return WITHHELD if amount.value is None else whole(amount.value)


def _decisions(plan: PlanRead) -> Chapter:
    rows = [
        [
            f"{DECISIONS[one.kind]}, version {one.number}",
            one.diary_number,
            f"{day(one.decided_on)}, {one.decided_by}",
            one.text or "",
        ]
        for one in plan.decisions
    ]
    headings = ["Beslut", "Diarienummer", "När och av vem", "Beslutets text"]
    table = Table("Beslut", headings, rows, is_prose=True, widths=(1.2, 1.1, 2, 2.4))
    return Chapter("Beslut", [] if rows else ["Inga beslut är registrerade."], tables=[table] if rows else [])


def _course(progress: PlanProgress, names: Names) -> Iterator[Chapter]:
    """What was reported and said, the latest first."""
    points = [(one, goal.text) for goal in progress.goals for one in goal.points]
    points += [(one, measure.text) for measure in progress.measures for one in measure.points]
    points += [(one, "Planen") for one in progress.comments]
    rows = [
        [day(today(one.said_at)), text, _told(one), names.get(one.said_by_partner_id or UUID(int=0), "")]
        for one, text in sorted(points, key=lambda point: point[0].said_at, reverse=True)
    ]
    if rows:
        headings = ["När", "Om", "Vad", "Av"]
        yield Chapter(
            "Så har det gått", tables=[Table("Så har det gått", headings, rows, is_prose=True, widths=(1, 2, 2.4, 1.2))]
        )


def _told(note: NoteRead) -> str:
    parts = [
        STATUSES[note.status] if note.status else "",
        note.reason or "",
        "" if note.reached is None else f"nått: {whole(note.reached)}",
        note.comment or "",
    ]
    return ". ".join(one for one in parts if one)
