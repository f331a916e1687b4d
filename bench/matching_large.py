"""Is the best matching of 100,000 mentees and 58,000 mentors proven over all pairs, on a small machine?

Needs the extra `fast`. Figures are of one child process: CPU seconds of the run, and the peak of its memory.
"""

from collections.abc import Iterator
from typing import Any

from app.domain.matching.columns import columns_of
from app.domain.matching.engine import propose_columns
from app.domain.matching.model import arrange
from bench.matching import POLICY, SEED, summary
from bench.measuring import at_most, cpu_seconds, figure, in_child
from bench.pools import make_pool

NAME = "matching-large"
CASE = "100,000 x 58,000"


def run() -> Iterator[dict[str, Any]]:
    columns = columns_of(arrange(make_pool(100_000)))
    memory, (seconds, found) = in_child(lambda: cpu_seconds(lambda: summary(propose_columns(columns, POLICY, SEED))))
    yield at_most(NAME, CASE, "CPU minutes", seconds / 60, 5)
    yield at_most(NAME, CASE, "MiB above the pool", memory, 1024)
    yield figure(NAME, CASE, "proven gap over all pairs", found[0], 0, holds=found[0] == 0)
