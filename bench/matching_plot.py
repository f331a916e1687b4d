"""How do time and memory grow with the pool? Draws `docs/guide/matching.svg`; each point is a child process of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.domain.matching.columns import Columns, columns_of
from app.domain.matching.engine import propose_columns
from app.domain.matching.model import arrange
from bench.matching import POLICY, SEED, core
from bench.measuring import cpu_seconds, figure, in_child
from bench.pools import make_pool

NAME = "matching-plot"
SIZES = (100, 300, 1_000, 3_000, 10_000)
FAST = "with the extra fast"
PICTURE = Path(__file__).parent.parent / "docs" / "guide" / "matching.svg"


def run() -> Iterator[dict[str, Any]]:
    points: dict[str, list[tuple[int, float, float]]] = {"NumPy and SciPy": [], FAST: []}
    for size in SIZES:
        columns = columns_of(arrange(make_pool(size)))
        for way, found in points.items():
            seconds, memory, gap = _measure(columns, fast=way == FAST)
            found.append((size, seconds, memory))
            yield figure(NAME, f"{size:,} mentees, {way}", "CPU seconds", seconds, 0, holds=gap == 0)
    draw(points)


def _measure(columns: Columns, *, fast: bool) -> tuple[float, float, int]:
    """CPU seconds, MiB and the gap of one run."""

    def work() -> tuple[float, int]:
        seconds, found = cpu_seconds(lambda: propose_columns(columns, POLICY, SEED) if fast else core(columns))
        return seconds, found.gap

    memory, (seconds, gap) = in_child(work)
    return seconds, memory, gap


def draw(points: dict[str, list[tuple[int, float, float]]]) -> None:
    """Two panels on one logarithmic axis of people; words in plain English, colours that print apart."""
    import matplotlib as mpl  # noqa: PLC0415  installed for the bench alone

    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    plt.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": NAME, "font.size": 11}
    sheet, panels = plt.subplots(1, 2, figsize=(10, 4.2), constrained_layout=True)
    for panel, which, title in zip(panels, (1, 2), ("CPU seconds", "MiB above the pool"), strict=True):
        for (way, found), colour, mark in zip(points.items(), ("#1b5e8c", "#c4572b"), ("o", "s"), strict=True):
            panel.plot(
                [one[0] for one in found],
                [max(one[which], 0.01) for one in found],
                color=colour,
                marker=mark,
                label=way,
            )
        panel.set(xscale="log", yscale="log", xlabel="mentees (58 mentors for every 100)", title=title)
        panel.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
        panel.minorticks_off()
        panel.grid(visible=True, alpha=0.3)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].legend(frameon=False)
    sheet.suptitle("One run, from columns to proof and explanations of everybody", fontsize=12)
    sheet.savefig(PICTURE, metadata={"Date": None})
