"""How do numbers become pictures? Small SVG drawings that stand in a page or a printed document, and say what they show.

Each drawing is complete in itself: no style sheet, no script, a title and a description for those who do not see it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

INK, QUIET, HAIR, PAPER = "#1d2b2a", "#55625f", "#d3ddd9", "#ffffff"
DEEP, MIST, WARM = "#1f5f57", "#dfeae6", "#c8742b"
"""One deep colour carries the result, a pale one the rest; the warm one is for what to look at."""


@dataclass(frozen=True)
class Part:
    """A quantity with its name; `said` is how the number is written."""

    name: str
    value: float
    said: str


@dataclass(frozen=True)
class Bar:
    """A part of a whole; `said` stands at the end of the bar."""

    name: str
    part: float
    whole: float
    said: str


@dataclass(frozen=True)
class Twin:
    """Two quantities beside each other, with how each is said; None is not drawn."""

    name: str
    first: float | None
    first_said: str
    second: float | None
    second_said: str


@dataclass(frozen=True)
class Look:
    """The typeface that is at hand where the drawing will stand, and about how wide its letters are.

    `enlarged`: how much larger the words of a drawing are that will be shown small.
    """

    font: str
    letter: float = 0.5
    enlarged: float = 1.0


@dataclass(frozen=True)
class Drawing:
    """A finished picture; `alt` is the same in words."""

    svg: str
    alt: str


def flow(title: str, alt: str, whole: Part, splits: Sequence[tuple[Part, Part]], look: Look) -> Drawing:
    """One quantity that divides step by step: of each pair the first goes on to be divided, the second is the rest.

    What goes on runs below the rest, except in the last step, where it is what it is all about and comes first. A rest
    of nothing is not drawn.
    """
    width, height, gap, bar = 680.0, 320.0, 48 * look.enlarged + 14, 10.0
    reach = (width - bar - 170) / len(splits)
    scale = (height - 20 - gap * (len(splits) - 0.6)) / max(whole.value, 1)
    shapes = [_block(0, 10, bar, whole.value * scale, INK)]
    labels = _label(bar + 14, 18, whole, look, INK)
    x, top, lowest = 0.0, 10.0, 10 + whole.value * scale
    for number, (goes_on, rest) in enumerate(splits, 1):
        is_last = number == len(splits)
        order = [(goes_on, DEEP), (rest, QUIET)] if is_last else [(rest, QUIET), (goes_on, DEEP)]
        start, end = top, top
        for part, colour in order:
            tall = part.value * scale
            if part is not goes_on and not rest.value:
                end += 0 if is_last else gap
                continue
            shapes.append(_band(x + bar, start, x + reach, end, tall, max(tall, 1), colour))
            shapes.append(_block(x + reach, end, bar, max(tall, 2), colour))
            middle = end - 16 - 28 * look.enlarged if part is goes_on and not is_last else end + tall / 2 - 16
            labels += _label(
                x + reach + (0 if part is goes_on and not is_last else bar + 12), middle, part, look, colour
            )
            below, lowest = end, max(lowest, end + tall, middle + 34)
            start, end = start + tall, end + max(tall, 2) + (gap if not is_last else max(gap - tall, 20))
        x, top = x + reach, below
    return _drawing(title, alt, width, lowest + 10, [*shapes, *labels])


def _block(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" fill="{colour}"/>'


def _band(x1: float, y1: float, x2: float, y2: float, tall1: float, tall2: float, colour: str) -> str:
    middle = (x1 + x2) / 2
    colour, opacity = (DEEP, "0.32") if colour == DEEP else (MIST, "0.8")
    path = (
        f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
        f" L{x2:.1f},{y2 + tall2:.1f} C{middle:.1f},{y2 + tall2:.1f} {middle:.1f},{y1 + tall1:.1f} {x1:.1f},{y1 + tall1:.1f} Z"
    )
    return f'<path d="{path}" fill="{colour}" fill-opacity="{opacity}"/>'


def _label(x: float, y: float, part: Part, look: Look, colour: str) -> list[str]:
    """The number large, its name below."""
    return [
        _text(x, y + 12, part.said, look, 24 * look.enlarged, colour, weight=600),
        _text(x, y + 12 + 18 * look.enlarged, part.name, look, 13 * look.enlarged, QUIET),
    ]


def _text(  # noqa: PLR0913  a text is one flat element
    x: float, y: float, said: str, look: Look, size: float, colour: str, *, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{escape(look.font)}" font-size="{size:g}" font-weight="{weight}"'
        f' fill="{colour}" text-anchor="{anchor}">{escape(said)}</text>'
    )


def dots(title: str, alt: str, filled: int, look: Look, said: str) -> Drawing:
    """A hundred dots, so many of them filled: a share as people count it."""
    step, radius = 22.0, 8.0
    shapes = []
    for number in range(100):
        row, column = divmod(number, 10)
        x, y = radius + 2 + column * step, radius + 2 + row * step
        is_filled = number < filled
        colour = f'fill="{DEEP}"' if is_filled else f'fill="{MIST}"'
        shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {colour}/>')
    shapes.append(_text(0, 10 * step + 26, said, look, 14 * look.enlarged, QUIET))
    return _drawing(title, alt, 10 * step, 10 * step + 38, shapes)


def bars(title: str, alt: str, rows: Iterable[Bar], look: Look, *, width: float = 720.0) -> Drawing:
    """A bar for each row: its length is the whole, the filled part the part."""
    found = list(rows)
    tall, thick = 52.0, 14.0
    longest = max((row.whole for row in found), default=0) or 1
    room = width - max((len(row.said) for row in found), default=0) * 14 * look.letter - 16
    shapes = []
    for number, row in enumerate(found):
        y = number * tall
        shapes.append(_text(0, y + 15, _short(row.name, width, look), look, 14, INK))
        whole, part = max(row.whole / longest * room, 2), row.part / longest * room
        shapes.append(_block(0, y + 23, whole, thick, MIST))
        if row.part:
            shapes.append(_block(0, y + 23, max(part, 2), thick, DEEP))
        shapes.append(_text(whole + 10, y + 35, row.said, look, 14, QUIET))
    return _drawing(title, alt, width, max(len(found), 1) * tall, shapes)


def twins(title: str, alt: str, rows: Iterable[Twin], look: Look, *, width: float = 720.0) -> Drawing:
    """Two bars for each row: the first in the deep colour, the second in the warm one, for what to look at."""
    found = list(rows)
    tall, thick = 72.0, 14.0
    longest = max((value for row in found for value in (row.first, row.second) if value is not None), default=0) or 1
    room = (
        width
        - max((len(said) for row in found for said in (row.first_said, row.second_said)), default=0) * 14 * look.letter
        - 16
    )
    shapes = []
    for number, row in enumerate(found):
        y = number * tall
        shapes.append(_text(0, y + 15, _short(row.name, width, look), look, 14, INK))
        pair = ((row.first, row.first_said, DEEP), (row.second, row.second_said, WARM))
        for place, (value, said, colour) in enumerate(pair):
            top, long = y + 22 + place * (thick + 4), 0 if value is None else max(value / longest * room, 2)
            if long:
                shapes.append(_block(0, top, long, thick, colour))
            shapes.append(_text(long + (10 if long else 0), top + 12, said, look, 14, QUIET))
    return _drawing(title, alt, width, max(len(found), 1) * tall, shapes)


def _short(name: str, width: float, look: Look) -> str:
    """The name as far as there is room for it."""
    most = int(width / (14 * look.letter))
    return name if len(name) <= most else name[: most - 1] + "…"


def _drawing(title: str, alt: str, width: float, height: float, shapes: Iterable[str]) -> Drawing:
    drawn = "".join(shapes)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        f' role="img"><title>{escape(title)}</title><desc>{escape(alt)}</desc>{drawn}</svg>'
    )
    return Drawing(svg, alt)
