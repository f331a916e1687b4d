"""What does the tertial's document say, chapter by chapter? In Swedish; how it looks is decided by page and print."""

from collections.abc import Callable, Iterator, Sequence

from app.domain.figures import DEFINITIONS, Section, Unit
from app.domain.outcomes import rule_document
from app.domain.reports import ScopeKind
from app.domain.swedish import NOTHING, WITHHELD, day, percent, whole
from app.features.reports.router.table import names_of, of_scope
from app.features.reports.router.words import SECTIONS
from app.features.reports.schemas import FigureRead, TertialReport
from app.kit.booklets import Chapter, Document, Table
from app.kit.charts import Bar, Drawing, Look, Part, bars, dots, flow
from app.kit.clock import today

ORDINALS = {1: "Första", 2: "Andra", 3: "Tredje"}
BEFORE_AND_AFTER = (
    ("esfImmediate", "ended", "av alla som avslutade"),
    ("susIncreased", "beforeAndAfter", "av dem som är registrerade före och efter"),
    ("susSupportEnded", "supportedBefore", "av dem som hade det före"),
    ("esfLongTerm", "sixMonthsAfter", "av dem som avslutade ett halvår tidigare"),
)
"""Figure, what it is taken out of, and how that is said."""

MATCHES = (
    "matchesStarted",
    "matchesClosed",
    "closedEarlyShare",
    "matchWeeks",
    "waitingDays",
    "waitingNow",
    "longestWait",
)


Figures = dict[str, FigureRead]
More = Callable[[Look], Sequence[Chapter]]
"""Further chapters, with drawings for a typeface."""


def nothing_more(_look: Look) -> Sequence[Chapter]:
    return ()


def document_of(report: TertialReport, look: Look, more: More = nothing_more) -> Document:
    """The document of a report, with drawings for the typeface that is at hand; `more` stands after the matches."""
    total = of_scope(report, ScopeKind.TOTAL)
    period = report.period
    standing = "Perioden är avslutad." if period.has_ended else "Preliminär: perioden pågår."
    return Document(
        what="Tertialrapport om mentorskap",
        title=f"{ORDINALS[period.tertial]} tertialet {period.year}",
        period=f"{day(period.first_on)} till {day(period.last_on)}",
        standing=f"{standing} Uppgifterna lästes {day(today(report.as_of))}.",
        method=report.method.sv,
        heroes=[
            (said(total["inEffort"]), "i insats"),
            (said(total["ended"]), "avslutade"),
            (said(total["endedToSelfSufficiency"]), "till arbete eller studier"),
            (said(total["koladaShare"]), "av de avslutade"),
        ],
        chapters=[
            _results(total, look),
            *_split(report, ScopeKind.CATEGORY, "Kategori för kategori", look),
            *_split(report, ScopeKind.PROGRAM, "Program för program", look),
            _before_and_after(total, look),
            _matches(report),
            *more(look),
            _children(total, look),
            *_excluded(total),
            _definitions(),
        ],
    )


def said(figure: FigureRead) -> str:
    """The figure as it is written."""
    if figure.is_protected:
        return WITHHELD
    if figure.unit is Unit.PER_MILLE:
        return NOTHING if figure.share is None else percent(figure.share, 0 if figure.is_rounded else 1)
    if figure.value is None:
        return NOTHING
    unit = {Unit.DAYS: "\u00a0dagar", Unit.WEEKS: "\u00a0veckor"}.get(figure.unit, "")
    return whole(figure.value) + unit


def _results(total: Figures, look: Look) -> Chapter:
    start, ended, reached = (total[one] for one in ("inEffort", "ended", "endedToSelfSufficiency"))
    share = total["koladaShare"]
    if start.value is None or ended.value is None or reached.value is None:
        text = "Underlaget är för litet för att visas utan att röja enskilda."
        return Chapter("Från insats till egen försörjning", [text])
    stays, other = max(start.value - ended.value, 0), max(ended.value - reached.value, 0)
    sentence = (
        f"{whole(start.value)} personer var i insats under perioden. {whole(ended.value)} avslutade, och av dem gick"
        f" {whole(reached.value)} vidare till arbete eller studier."
    )
    drawn = flow(
        "Från insats till egen försörjning",
        f"{sentence} {whole(stays)} fortsatte efter perioden, {whole(other)} avslutade till annat.",
        Part("i insats", start.value, whole(start.value)),
        [
            (Part("avslutade", ended.value, whole(ended.value)), Part("fortsätter", stays, whole(stays))),
            (
                Part("till arbete eller studier", reached.value, whole(reached.value)),
                Part("till annat", other, whole(other)),
            ),
        ],
        look,
    )
    return Chapter("Från insats till egen försörjning", [sentence], [drawn, *_hundred(share, look)])


def _hundred(share: FigureRead, look: Look) -> Iterator[Drawing]:
    if share.share is not None:
        filled = round(share.share * 100)
        alt = f"Av hundra som avslutade gick {filled} vidare till arbete eller studier ({said(share)})."
        yield dots("Av hundra som avslutade", alt, filled, look, f"{filled} av 100 avslutade")


def _split(report: TertialReport, kind: ScopeKind, heading: str, look: Look) -> Iterator[Chapter]:
    names = names_of(report)
    keys = list(dict.fromkeys(one.scope.key for one in report.figures if one.scope.kind is kind))
    if len(keys) < 2:  # noqa: PLR2004  one part is the whole, which has been told
        return
    parts = [(names.get(key or "", ""), of_scope(report, kind, key)) for key in keys]
    parts.sort(key=lambda one: -(one[1]["ended"].value or 0))
    columns = ("inEffort", "ended", "endedToSelfSufficiency", "koladaShare")
    rows = [[name, *(said(found[column]) for column in columns)] for name, found in parts]
    what = "Kategori" if kind is ScopeKind.CATEGORY else "Program"
    headings = [what, "I insats", "Avslutade", "Till arbete eller studier", "Andel"]
    yield Chapter(heading, drawings=_outcomes(parts, heading, look), tables=[Table(heading, headings, rows)])


def _outcomes(parts: Sequence[tuple[str, Figures]], heading: str, look: Look) -> list[Drawing]:
    found = [
        Bar(name, reached, ended, _part_of(reached, ended))
        for name, figures in parts
        if (ended := figures["ended"].value) and (reached := figures["endedToSelfSufficiency"].value) is not None
    ]
    if not found:
        return []
    alt = "; ".join(f"{one.name}: {one.said} avslutade till arbete eller studier" for one in found) + "."
    return [bars(f"{heading}: avslutade, och av dem till arbete eller studier", alt, found, look)]


def _before_and_after(total: Figures, look: Look) -> Chapter:
    pairs = [(total[figure], total[base], of) for figure, base, of in BEFORE_AND_AFTER]
    shown = [
        Bar(figure.title.sv, figure.value, figure.base, _part_of(figure.value, figure.base))
        for figure, *_ in pairs
        if figure.value is not None and figure.base
    ]
    rows = [[f"{figure.title.sv}, {of}", *_share_of(figure, base)] for figure, base, of in pairs]
    table = Table("Före och efter", ["Resultat", "Antal", "Av", "Andel"], rows)
    text = "Samma personer enligt ESF:s och samordningsförbundens sätt att räkna."
    alt = "; ".join(f"{one.name}: {one.said}" for one in shown) + "."
    drawn = [bars("Före och efter", alt, shown, look)] if shown else []
    return Chapter(SECTIONS[Section.BEFORE_AND_AFTER], [text], drawn, [table])


def _share_of(figure: FigureRead, base: FigureRead) -> tuple[str, str, str]:
    if figure.value is None or not base.value:
        return said(figure), said(base), NOTHING
    return said(figure), said(base), percent(min(1, figure.value / base.value), 0 if figure.is_rounded else 1)


def _part_of(part: int, of: int) -> str:
    return f"{whole(part)} av {whole(of)} · {percent(min(1, part / of), 0)}"


def _matches(report: TertialReport) -> Chapter:
    """In total and by program: how many, how long, how many ended early, and how long people waited."""
    headings = [
        "Program",
        "Startade",
        "Avslutade",
        "I förtid",
        "Längd (median)",
        "Väntan (median)",
        "Väntar nu",
        "Längst",
    ]
    total = of_scope(report, ScopeKind.TOTAL)
    rows = [["Alla program", *(said(total[column]) for column in MATCHES)]]
    for program in report.programs if len(report.programs) > 1 else ():
        found = of_scope(report, ScopeKind.PROGRAM, str(program.id))
        rows.append([program.name, *(said(found[column]) for column in MATCHES)])
    text = (
        "Väntan räknas från ansökan till den första matchningens start, längden från start till slut. Väntar nu är de som"
        f" var redo utan att en matchning hade startat {day(total['waitingNow'].last_on)}, och hur länge de har väntat som längst."
    )
    return Chapter("Väntan, längd och avslut i förtid", [text], tables=[Table("Matchningarna", headings, rows)])


def _children(total: Figures, look: Look) -> Chapter:
    columns = ("parents", "parentsWithNewContacts", "childrenReached")
    rows = [[total[column].title.sv, said(total[column])] for column in columns]
    text = (
        "Föräldrars ökade kontaktnät och inkludering i samhället ger positiva effekter för barn. Uppgiften om barn är"
        " frivillig och redovisas bara i summor; inget barn är registrerat."
    )
    table = Table("Konsekvenser för barn", ["Uppgift", "Antal"], rows)
    parents, reached = total["parents"].value, total["parentsWithNewContacts"].value
    drawn = []
    if parents and reached is not None:
        bar = Bar("Föräldrar med nya kontakter, av dem som svarat", reached, parents, _part_of(reached, parents))
        drawn = [bars("Konsekvenser för barn", f"{bar.name}: {bar.said}.", [bar], look)]
    return Chapter(SECTIONS[Section.CHILDREN], [text], drawn, [table])


def _excluded(total: Figures) -> Iterator[Chapter]:
    rows = [
        [f"{rule.rule_text.sv} ({rule.rule_id})", whole(rule.count)]
        for rule in total["endedToSelfSufficiency"].excluded_by_rule or ()
    ]
    if rows:
        text = "Poster som hör till perioden men inte räknas som arbete eller studier, med regeln som avgör."
        table = Table("Räknades inte", ["Regel", "Poster"], rows)
        yield Chapter("Vad som inte räknades", [text], tables=[table])


def _definitions() -> Chapter:
    document = rule_document()
    rows = []
    for one in DEFINITIONS:
        if one.unit is not Unit.ENROLMENTS:
            rule = document["rules"][one.rule_id]
            rows.append(
                [
                    one.title["sv"],
                    one.population["sv"],
                    f"{rule['sv']} ({one.rule_id})",
                    document["sourcesSv"][rule["source"]],
                ]
            )
    table = Table("Definitioner", ["Siffra", "Population", "Regel", "Källa"], rows, is_prose=True)
    return Chapter("Så räknas siffrorna", tables=[table])
