"""Why not this person? What stands in the way of every mentee without a pair, and the smallest change that would help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.domain.matching.bitmaps import count, pack, pack_all, unpack
from app.domain.matching.certificate import UNBOUNDED
from app.domain.matching.columns import Booleans, Codes, Words
from app.domain.matching.market import FREE_PLACE, SCORE_FLOOR, Market
from app.domain.matching.proposal import Blocking, PriorityLacking, SmallestChange, Unmatched, UnmatchedKind
from app.domain.matching.survey import Survey

# Never suggested as the change: facts, a person's own wish or missing consent, and what people have already declined.
NOT_OURS_TO_CHANGE = frozenset(
    {"samePerson", "blockedPair", "genderPreference", "agePreference", "sameHolder", FREE_PLACE}
)
_ROWS = 256  # mentees looked at together


def describe_unmatched(market: Market, mentees: Codes, found: Survey) -> Iterator[Unmatched]:
    """In order; `mentees` are those without a mate."""
    ids, everybody = market.columns.mentees.ids, market.mentors
    feasible, tiers = found.feasible[mentees].tolist(), found.tiers[mentees].tolist()
    for start in range(0, len(mentees), _ROWS):
        some = mentees[start : start + _ROWS]
        stand = _stand_in_the_way(market, some)
        columns = zip(some.tolist(), stand.passing.T.tolist(), stand.alone.T.tolist(), strict=True)
        for at, (mentee, passing, alone) in enumerate(columns):
            fitting = feasible[start + at]
            by_name = zip(stand.names, passing, alone, strict=True)
            yield Unmatched(
                mentee=ids[mentee],
                kind=UnmatchedKind.PLACES_RAN_OUT if fitting else UnmatchedKind.NO_FEASIBLE_MENTOR,
                feasible_mentors=fitting,
                blocking=tuple(Blocking(name, by, sole) for name, by, sole in by_name if by < everybody),
                smallest_change=None if fitting else stand.smallest_change(at, everybody),
                priority_lacking=_priority_lacking(market, mentee, tiers[start + at]) if fitting else None,
            )


@dataclass(frozen=True, slots=True)
class _Standing:
    """By constraint and mentee: the mentors whom it fails, how many pass it, and how many it alone keeps away."""

    names: list[str]
    fails: list[Words]
    passing: Codes
    alone: Codes

    def smallest_change(self, at: int, mentors: int) -> SmallestChange | None:
        """The fewest constraints that open a mentor; among as few, those that open most; then the order of names."""
        ours = [name not in NOT_OURS_TO_CHANGE for name in self.names]
        opens = np.where(ours, self.alone[:, at], 0)
        if opens.any():
            best = int(opens.argmax())
            return SmallestChange((self.names[best],), int(opens[best]))
        return _smallest_set(self.names, np.array(ours), unpack(np.stack([one[at] for one in self.fails]), mentors))


def _stand_in_the_way(market: Market, mentees: Codes) -> _Standing:
    everyone = pack_all(market.mentors)
    named = [(one.name, everyone & ~one.allowed(mentees)) for one in market.constraints]
    if market.floor:
        named.append((SCORE_FLOOR, everyone & ~pack(_above_floor(market, mentees))))
    is_full = pack(market.capacity[None, :] == 0)
    named.append((FREE_PLACE, np.broadcast_to(is_full, (len(mentees), len(everyone)))))
    once, twice = np.zeros_like(named[0][1]), np.zeros_like(named[0][1])
    for _, fails in named:
        twice |= once & fails
        once |= fails
    once &= ~twice
    return _Standing(
        names=[name for name, _ in named],
        fails=[fails for _, fails in named],
        passing=market.mentors - np.stack([count(fails) for _, fails in named]),
        alone=np.stack([count(once & fails) for _, fails in named]),
    )


def _above_floor(market: Market, mentees: Codes) -> Booleans:
    rows, cols = np.repeat(mentees, market.mentors), np.tile(np.arange(market.mentors), len(mentees))
    return (market.scorer.score(rows, cols) >= market.floor).reshape(len(mentees), market.mentors)


def _smallest_set(names: Sequence[str], ours: Booleans, fails: NDArray[np.bool_]) -> SmallestChange | None:
    bits = np.left_shift(1, np.arange(len(names), dtype=np.int64))
    fixed = int(bits[~ours].sum())
    masks, counts = np.unique(bits @ fails, return_counts=True)
    masks, counts = masks[masks & fixed == 0], counts[masks & fixed == 0]
    if not len(masks):
        return None
    sizes = np.bitwise_count(masks)
    fewest = np.flatnonzero(sizes == sizes.min())  # no smaller set opens anyone, so each opens its own mentors only
    best = fewest[np.lexsort((masks[fewest], -counts[fewest]))[0]]
    changed = tuple(name for name, bit in zip(names, bits.tolist(), strict=True) if bit & int(masks[best]))
    return SmallestChange(changed, int(counts[best]))


def _priority_lacking(market: Market, mentee: int, tiers: int) -> PriorityLacking | None:
    """The fewest further tiers after which this mentee certainly has a place, all else unchanged."""
    if tiers == UNBOUNDED:
        return None
    needed, policy = tiers + 1, market.policy
    return PriorityLacking(
        tiers=needed - int(market.priority[mentee]),
        days=(needed - 1) * policy.tier_days - int(market.columns.waiting_days[mentee]),
        is_reachable=needed <= policy.max_tier,
    )


def find_contradiction(market: Market) -> tuple[str, ...]:
    """The fewest constraints that together keep everybody from everybody; empty unless nobody fits anybody.

    Among as few, the first in their order. Each set is held against pairs that refuted earlier ones before anybody is
    looked at anew.
    """
    if not (market.mentees and market.mentors) or any(len(block.cols) for block in market.pairs.blocks()):
        return ()
    names = market.failures(0)[0]
    sets = (chosen for size in range(len(names) + 1) for chosen in combinations(range(len(names)), size))
    refuted: list[Booleans] = []
    return next(
        tuple(names[at] for at in chosen)
        for chosen in sets
        if all(breaks[list(chosen)].any() for breaks in refuted) and not _refute(market, chosen, refuted)
    )


def _refute(market: Market, chosen: tuple[int, ...], refuted: list[Booleans]) -> bool:
    """Whether some pair breaks none of the chosen constraints; what that pair does break is noted down."""
    everyone = pack_all(market.mentors)
    for start in range(0, market.mentees, _ROWS):
        some = np.arange(start, min(start + _ROWS, market.mentees))
        some = some[~market.left_out[some]]
        fails = _stand_in_the_way(market, some).fails
        unbroken = everyone & ~np.bitwise_or.reduce([np.zeros_like(fails[0]), *(fails[at] for at in chosen)])
        rows, cols = np.nonzero(unpack(unbroken, market.mentors))
        if len(rows):
            refuted.append(market.failures(int(some[rows[0]]))[1][:, cols[0]])
            return True
    return False
