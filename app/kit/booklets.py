"""How does what is to be said become a page that stands alone, or a printed document (PDF/UA-1)? In Swedish.

A page has no script and loads nothing from elsewhere; everything that is said is escaped, and never read as markup.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files

from app.kit.charts import Drawing, Look
from app.kit.pdf import typeset

HTML = "text/html"
ON_SCREEN = Look("Georgia, 'Times New Roman', serif")
IN_PRINT = Look("Libertinus Serif", letter=0.47, enlarged=1.35)
HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Content-Language": "sv",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
"""Of every page and printed document."""


@dataclass(frozen=True)
class Table:
    """The first column names its row; the other cells are numbers unless `is_prose`, which are as wide as `widths`."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_prose: bool = False
    widths: Sequence[float] = (1, 1.8, 1.6, 1.2)


@dataclass(frozen=True)
class Chapter:
    heading: str
    paragraphs: Sequence[str] = ()
    drawings: Sequence[Drawing] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Document:
    """Everything that is said; `what` kind of document it is, and `heroes` are the large numbers with their names."""

    what: str
    title: str
    period: str
    standing: str
    method: str
    heroes: Sequence[tuple[str, str]]
    chapters: Sequence[Chapter] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What a window or a list of files calls it."""
        return f"Mentorskap: {self.title}"


def as_print(document: Document, at: datetime) -> bytes:
    """The document as PDF/UA-1, made at an instant; drawings in the look IN_PRINT. Raises: UnprintableError."""
    return typeset(_template(), asdict(document), at)


@cache
def _template() -> bytes:
    return files("app.domain.data").joinpath("report.typ").read_bytes()


@cache
def _style() -> str:
    return files("app.domain.data").joinpath("report.css").read_text(encoding="utf-8")


def as_page(document: Document) -> bytes:
    """The whole page; drawings in the look ON_SCREEN."""
    heroes = "".join(
        f'<div class="hero"><dt>{escape(name)}</dt><dd>{escape(number)}</dd></div>' for number, name in document.heroes
    )
    chapters = "".join(_chapter(number, one) for number, one in enumerate(document.chapters, 1))
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{escape(document.label)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_style()}</style></head><body>'
        f'<a class="skip" href="#innehall">Hoppa till innehållet</a>'
        f'<header><p class="what">{escape(document.what)}</p><h1>{escape(document.title)}</h1>'
        f'<p class="period">{escape(document.period)}</p><dl class="heroes">{heroes}</dl></header>'
        f'<main id="innehall"><p class="standing">{escape(document.standing)} {escape(document.method)}</p>{chapters}</main>'
        f"</body></html>"
    ).encode()


def _chapter(number: int, chapter: Chapter) -> str:
    told = "".join(f"<p>{escape(one)}</p>" for one in chapter.paragraphs)
    drawn = "".join(f"<figure>{one.svg}</figure>" for one in chapter.drawings)
    pictures = f'<div class="pictures">{drawn}</div>' if drawn else ""
    tables = "".join(map(_table, chapter.tables))
    return (
        f'<section aria-labelledby="k{number}"><h2 id="k{number}">{escape(chapter.heading)}</h2>{told}{pictures}{tables}'
        f"</section>"
    )


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in table.headings)
    kind = "prose" if table.is_prose else "numbers"
    columns = _columns(table) if table.is_prose else ""
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table class="{kind}">'
        f"<caption>{escape(table.caption)}</caption>{columns}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _columns(table: Table) -> str:
    """As wide as they are in print."""
    widths = table.widths[: len(table.headings)]
    columns = "".join(f'<col style="width: {wide / sum(widths):.1%}">' for wide in widths)
    return f"<colgroup>{columns}</colgroup>"
