"""How does the report look in a browser? One page of its own: no script, nothing loaded from elsewhere."""

from functools import cache
from html import escape
from importlib.resources import files

from app.features.reports.router.document import Chapter, Document, More, Table, document_of, nothing_more
from app.features.reports.schemas import TertialReport
from app.kit.charts import Look

HTML = "text/html"
LOOK = Look("Georgia, 'Times New Roman', serif")


def as_page(report: TertialReport, more: More = nothing_more) -> bytes:
    return page_of(document_of(report, LOOK, more)).encode()


@cache
def _style() -> str:
    return files("app.domain.data").joinpath("report.css").read_text(encoding="utf-8")


def page_of(document: Document) -> str:
    """The whole page; everything that is said is escaped."""
    title = escape(f"Mentorskap: {document.title[0].lower()}{document.title[1:]}")
    heroes = "".join(
        f'<div class="hero"><dt>{escape(name)}</dt><dd>{escape(number)}</dd></div>' for number, name in document.heroes
    )
    chapters = "".join(_chapter(number, one) for number, one in enumerate(document.chapters, 1))
    return (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_style()}</style></head><body>'
        f'<a class="skip" href="#innehall">Hoppa till innehållet</a>'
        f'<header><p class="what">Tertialrapport om mentorskap</p><h1>{escape(document.title)}</h1>'
        f'<p class="period">{escape(document.period)}</p><dl class="heroes">{heroes}</dl></header>'
        f'<main id="innehall"><p class="standing">{escape(document.standing)} {escape(document.method)}</p>{chapters}</main>'
        f"</body></html>"
    )


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
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table class="{kind}">'
        f"<caption>{escape(table.caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
