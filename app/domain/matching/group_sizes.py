"""How many more may join each mentor's group, and is a matching one of such groups?"""

from dataclasses import dataclass

import numpy as np

from app.domain.matching.certificate import count_mates, is_matching
from app.domain.matching.columns import Booleans, Codes
from app.domain.matching.market import Market
from app.domain.matching.policy import GroupSize
from app.domain.matching.solver import Integers

GROUP_SIZE = "groupSize"


@dataclass(frozen=True, slots=True)
class Limits:
    """By mentor: nobody joins the group, or between `least` and `most` do. `most` is 0 where no group can open.

    Pinned mentees are in the group whatever else happens, and count: a group that they fill to its least size takes
    one more as well as many, and one that they leave too small may stay as it is.
    """

    pinned: Codes
    least: Integers
    most: Integers

    @property
    def can_open(self) -> Booleans:
        return self.most > 0


def limits_of(market: Market, size: GroupSize) -> Limits:
    pinned = np.bincount(
        np.array([mentor for _, mentor in market.columns.pins], dtype=np.int64), minlength=market.mentors
    )
    least = np.maximum(1, size.least - pinned)
    most = np.minimum(market.capacity, size.most - pinned)
    return Limits(pinned, least, np.where(most >= least, most, 0))


def are_groups(market: Market, mates: Codes, limits: Limits) -> bool:
    """Whether every pair is allowed and every group is of an allowed size."""
    if not is_matching(market, mates):
        return False
    joined = count_mates(mates, market.mentors)
    return bool(((joined == 0) | ((joined >= limits.least) & (joined <= limits.most))).all())


def is_contradictory(market: Market, limits: Limits) -> bool:
    """Whether the least size alone keeps every group from opening: no mentor has so many free places."""
    return bool(market.mentees and market.mentors) and not limits.can_open.any()
