"""Do new identifiers sort by creation, also across threads?"""

from concurrent.futures import ThreadPoolExecutor
from time import time
from uuid import UUID

from app.kit.ids import new_id


def test_is_a_standard_uuid_of_version_7() -> None:
    made = new_id()
    assert type(made) is UUID
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_carries_the_time_in_its_first_48_bits() -> None:
    assert abs((new_id().int >> 80) / 1000 - time()) < 5


def test_sorts_by_creation_and_never_repeats() -> None:
    made = [new_id() for _ in range(50_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_sorts_by_creation_within_each_of_many_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(5_000)], range(8)))
    assert all(batch == sorted(batch) for batch in batches)
    assert len({made for batch in batches for made in batch}) == 40_000
