"""Which figures may somebody see who may not see the records? Small numbers stay untold, and so does what betrays them.

What holds, within one caller's programs, one tertial and one reading: no number from 1 to 9 is told, nor a number whose
distance to the number it is taken out of is 1 to 9 (of 121 ended, 118 to work would tell of 3), nor can one be
computed as the total, or a category, minus the programs told (of persons, who may be in several programs, that sum is
no number of anything). A program is told alone only when it is told in the report over all of the caller's programs.

What does not hold: two callers with different programs may compare notes; the same report read on two days, or for two
tertials, tells what changed in between; a partner knows the people it holds itself; "all of them" and "none of them"
are told; the number of people with several enrolments can be computed. Random rounding (cell keys) is what meets those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.reports import Figure, FigureScope, ScopeKind

LEAST = 10
"""The smallest number told, 0 apart (statistics here have a base of at least 10)."""
STEPS = (
    ("inEffort", "enrolmentsInEffort"),
    ("ended", "enrolmentsEnded"),
    ("endedToSelfSufficiency", "enrolmentsEndedToSelfSufficiency"),
)
"""Figures of persons and of enrolments, each step taken out of the one before it."""
STEP_OF = {figure_id: step for step, ids in enumerate(STEPS) for figure_id in ids} | {"koladaShare": 2}

Numbers = tuple[int, ...]
TOTAL = FigureScope(ScopeKind.TOTAL)
NOTHING: tuple[Numbers, ...] = ((0, 0), (0, 0, 0, 0), (0, 0, 0, 0))
"""The numbers of a program without records."""


@dataclass(frozen=True)
class Cell:
    """One program: its category, the numbers of each step, and whether the caller may read its records anyway."""

    key: str
    category: str
    steps: tuple[Numbers, ...]
    is_known: bool = False


@dataclass(frozen=True)
class Openness:
    """How many steps are told for each scope; what is not named is not told at all."""

    steps: Mapping[FigureScope, int]

    def tells(self, scope: FigureScope, figure_id: str) -> bool:
        return STEP_OF[figure_id] < self.steps.get(scope, 0)


def everything(figures: Iterable[Figure]) -> Openness:
    """For those who may read the records themselves."""
    return Openness(dict.fromkeys((figure.scope for figure in figures), len(STEPS)))


def numbers(figures: Iterable[Figure]) -> dict[FigureScope, tuple[Numbers, ...]]:
    """Per scope and step: the numbers that telling the step tells, those in between included."""
    values: dict[FigureScope, dict[str, int]] = {}
    for figure in figures:
        if figure.value is not None:
            values.setdefault(figure.scope, {})[figure.id] = figure.value
    return {scope: tuple(_numbers(found, step) for step in range(len(STEPS))) for scope, found in values.items()}


def _numbers(values: Mapping[str, int], step: int) -> Numbers:
    told = [values[figure_id] for figure_id in STEPS[step]]
    between = [values[wider] - one for wider, one in zip(STEPS[step - 1], told, strict=True)] if step else []
    return (*told, *between)


def openness(told: Mapping[FigureScope, tuple[Numbers, ...]], cells: list[Cell]) -> Openness:
    """What may be told of the total, the categories and the programs (`cells`), step by step."""
    steps: dict[FigureScope, int] = {}
    open_cells = list(cells)
    for step in range(len(STEPS)):
        open_cells = _tellable(open_cells, cells, step)
        hidden = [cell for cell in cells if cell not in open_cells]
        steps |= {FigureScope(ScopeKind.PROGRAM, cell.key): step + 1 for cell in open_cells}
        if steps.get(TOTAL, 0) == step and is_safe(told[TOTAL][step]) and _hides_well(hidden, step):
            steps[TOTAL] = step + 1
            categories = _categories(told, hidden, step)
            steps |= {scope: step + 1 for scope in categories if steps.get(scope, 0) == step}
    return Openness(steps)


def is_safe(told: Numbers) -> bool:
    return all(number == 0 or number >= LEAST for number in told)


def _tellable(candidates: list[Cell], cells: list[Cell], step: int) -> list[Cell]:
    """The programs that may be told: those that are safe, without the smallest ones that are needed as cover."""
    told = [cell for cell in candidates if cell.is_known or is_safe(cell.steps[step])]
    # A program where nothing happened covers nobody.
    able = [cell for cell in told if not cell.is_known and any(cell.steps[step])]
    cover = sorted(able, key=lambda cell: (cell.steps[step], cell.key))
    for smallest in cover:
        if _hides_well([cell for cell in cells if cell not in told], step):
            break
        told.remove(smallest)
    return told


def _hides_well(hidden: list[Cell], step: int) -> bool:
    """Nothing is hidden, or at least two programs whose sum, which anyone can compute, is itself safe."""
    together = tuple(map(sum, zip(*(cell.steps[step] for cell in hidden), strict=True)))
    return len(hidden) != 1 and is_safe(together)


def _categories(told: Mapping[FigureScope, tuple[Numbers, ...]], hidden: list[Cell], step: int) -> list[FigureScope]:
    """All of the categories, or none: one that is missing could be computed from the total."""
    scopes = [scope for scope in told if scope.kind is ScopeKind.CATEGORY]
    are_safe = all(
        is_safe(told[scope][step]) and _hides_well([cell for cell in hidden if cell.category == scope.key], step)
        for scope in scopes
    )
    return scopes if are_safe else []
