"""What does the page of the gap view say, chapter by chapter? In Swedish."""

from collections.abc import Iterator, Sequence

from app.domain.gaps import Dimension
from app.domain.matching.what_if_explanation import name_language
from app.domain.swedish import CATEGORIES, KINDS, WITHHELD, day, part_said, whole
from app.features.gaps.schemas import GapCell, GapNumbers, GapView, MissingView, PeopleAmount
from app.kit.booklets import ON_SCREEN, Chapter, Document, Table
from app.kit.charts import Drawing, Look, Twin, twins
from app.kit.clock import today

MOST_BARS = 12
UNSTATED = "ej angivet"
DIMENSIONS = {
    Dimension.CATEGORY: "Kategori",
    Dimension.KIND: "Programtyp",
    Dimension.LANGUAGE: "Språk",
    Dimension.DISTRICT: "Kommundel",
}
NUMBERS = ("Program", "Platser", "Väntar", "Därav redo", "Längsta väntan")


def document_of(view: GapView, missing: MissingView, look: Look = ON_SCREEN) -> Document:
    """The whole page; drawings for the typeface that is at hand."""
    asked = view.asked
    return Document(
        what="Mentorskap: vad som finns och vad som saknas",
        title="Luckorna",
        period=part_said(asked.category, asked.kind, asked.language, asked.district, asked.municipality_code)
        or "Alla program",
        standing=f"Uppgifterna lästes {day(today(view.as_of))}.",
        method=view.method.sv,
        heroes=_heroes(view.total),
        chapters=[_offered(view, look), *_missing(missing), Chapter("Så räknas siffrorna", [view.population.sv])],
    )


def _heroes(total: GapNumbers) -> list[tuple[str, str]]:
    programs = total.programs
    return [
        (whole(programs.listed + programs.adopted + programs.own), "program"),
        (whole(total.places), "platser"),
        (said(total.waiting), "väntar"),
        (said(total.ready), "redo och omatchade"),
    ]


def said(amount: PeopleAmount) -> str:
    """A number of people as it is written."""
    return WITHHELD if amount.value is None else whole(amount.value)


def _offered(view: GapView, look: Look) -> Chapter:
    rows = [[_name(view.by, cell), *_numbers(cell)] for cell in view.cells]
    rows.append(["Totalt", *_numbers(view.total)])
    heading = "Platser och väntande"
    headings = [" och ".join(DIMENSIONS[one] for one in view.by), *NUMBERS]
    return Chapter(heading, [_sentence(view.total)], list(_drawn(view, look)), [Table(heading, headings, rows)])


def _sentence(total: GapNumbers) -> str:
    programs = total.programs
    told = f"{programs.listed} befintliga, {programs.adopted} anslutna och {programs.own} egna program"
    unstated = (
        f" {whole(total.programs_without_places)} av dem anger inga platser." if total.programs_without_places else ""
    )
    return f"{told} med {whole(total.places)} platser.{unstated} Väntar: {said(total.waiting)}."


def _numbers(numbers: GapNumbers) -> Sequence[str]:
    programs = numbers.programs
    return (
        whole(programs.listed + programs.adopted + programs.own),
        whole(numbers.places),
        said(numbers.waiting),
        said(numbers.ready),
        _oldest(numbers),
    )


def _oldest(numbers: GapNumbers) -> str:
    if numbers.oldest_waiting_days is not None:
        return f"{whole(numbers.oldest_waiting_days)}\u00a0dagar"
    if numbers.oldest_waiting_months is not None:
        months = numbers.oldest_waiting_months
        return f"{whole(months)}\u00a0{'månad' if months == 1 else 'månader'}"
    return WITHHELD if numbers.waiting.is_protected else "ingen"


def _name(by: Sequence[Dimension], cell: GapCell) -> str:
    told = {
        Dimension.CATEGORY: CATEGORIES.get(cell.category or ""),
        Dimension.KIND: KINDS.get(cell.kind or ""),
        Dimension.LANGUAGE: name_language(cell.language, "sv").capitalize() if cell.language else None,
        Dimension.DISTRICT: cell.district,
    }
    return ", ".join(told[one] or UNSTATED for one in by)


def _drawn(view: GapView, look: Look) -> Iterator[Drawing]:
    """The parts in which most people wait, or most places are."""
    most = sorted(view.cells, key=lambda one: (-(one.waiting.value or 0), -one.places))[:MOST_BARS]
    rows = [
        Twin(_name(view.by, one), one.places, f"{whole(one.places)} platser", one.waiting.value, _waits(one.waiting))
        for one in most
    ]
    if rows:
        alt = "; ".join(f"{one.name}: {one.first_said}, {one.second_said}" for one in rows) + "."
        yield twins("Platser och väntande", alt, rows, look)


def _waits(amount: PeopleAmount) -> str:
    return "antalet väntande visas inte" if amount.value is None else f"{whole(amount.value)} väntar"


def _missing(missing: MissingView) -> Iterator[Chapter]:
    told = [one.text.sv for one in missing.items] or ["Matchningarna säger inget som kan visas."]
    yield Chapter("Vad som saknas enligt matchningarna", [*told, missing.rule.sv])
