"""Does the feed lose nothing where a reader by number and a reader by time do, on the same log?"""

import pytest

from tests.features.changes.gaps import compare
from tests.world import World

pytestmark = pytest.mark.no_cover  # many transactions at once; what each line does is tested beside this


def test_late_commits_are_lost_by_the_naive_and_not_by_us(world: World) -> None:
    counts = compare(world, transactions=200, at_once=15)
    assert counts["committed"] > 200
    assert (counts["gaps"], counts["twice"], counts["never_committed"]) == (0, 0, 0), counts
    assert counts["found"] == counts["committed"]
    assert counts["lost_by_number"] > 0, "the control must lose, or this test shows nothing"
    assert counts["lost_by_time"] > 0, "as above"
