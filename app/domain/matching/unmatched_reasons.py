"""Why not this person? What stands in the way of every mentee without a pair, and the smallest change that would help."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, islice

import numpy as np

from app.domain.matching.bitmaps import count, pack, pack_all, repeat, unpack
from app.domain.matching.certificate import UNBOUNDED
from app.domain.matching.columns import Booleans, Codes, Words
from app.domain.matching.market import FREE_PLACE, SCORE_FLOOR, Market
from app.domain.matching.proposal import Blocking, PriorityLacking, SmallestChange, Unmatched, UnmatchedKind
from app.domain.matching.solver import Integers
from app.domain.matching.survey import Survey

# Never suggested as the change: facts, a person's own wish or missing consent, and what people have already declined.
NOT_OURS_TO_CHANGE = frozenset(
    {"samePerson", "blockedPair", "genderPreference", "agePreference", "sameHolder", FREE_PLACE}
)
_ROWS = 256  # mentees looked at together


def describe_unmatched(market: Market, mentees: Codes, found: Survey) -> Iterator[Unmatched]:
    """In order; `mentees` are those without a mate."""
    ids, feasible = market.columns.mentees.ids, found.feasible[mentees].tolist()
    lacking = _priority_lacking(market, mentees, found.tiers[mentees])
    say = cache(Blocking)  # many have the very same said
    for start in range(0, len(mentees), _ROWS):
        some = mentees[start : start + _ROWS]
        stand = _stand_in_the_way(market, some)
        for at, (mentee, blocking) in enumerate(zip(some.tolist(), stand.blocking(say, market.mentors), strict=True)):
            fitting = feasible[start + at]
            yield Unmatched(
                mentee=ids[mentee],
                kind=UnmatchedKind.PLACES_RAN_OUT if fitting else UnmatchedKind.NO_FEASIBLE_MENTOR,
                feasible_mentors=fitting,
                blocking=blocking,
                smallest_change=None if fitting else stand.smallest_change(at, market.mentors),
                priority_lacking=lacking[start + at] if fitting else None,
            )


@dataclass(frozen=True, slots=True)
class _Standing:
    """By constraint and mentee: the mentors whom it fails, how many pass it, and how many it alone keeps away."""

    names: list[str]
    fails: list[Words]
    passing: Codes
    alone: Codes

    def blocking(self, say: Callable[[str, int, int], Blocking], mentors: int) -> Iterator[tuple[Blocking, ...]]:
        """For each mentee, what is to say of every constraint that some mentor does not pass."""
        passing, alone = self.passing.T, self.alone.T
        narrows = passing < mentors
        names = [self.names[one] for one in np.nonzero(narrows)[1].tolist()]
        said = map(say, names, passing[narrows].tolist(), alone[narrows].tolist())
        return (tuple(islice(said, many)) for many in narrows.sum(axis=1).tolist())

    def smallest_change(self, at: int, mentors: int) -> SmallestChange | None:
        """The fewest constraints that open a mentor; among as few, those that open most; then the order of names."""
        ours = [name not in NOT_OURS_TO_CHANGE for name in self.names]
        opens = np.where(ours, self.alone[:, at], 0)
        if opens.any():
            best = int(opens.argmax())
            return SmallestChange((self.names[best],), int(opens[best]))
        return _smallest_set(self.names, np.array(ours), np.stack([one[at] for one in self.fails]), mentors)


def _stand_in_the_way(market: Market, mentees: Codes) -> _Standing:
    everyone = pack_all(market.mentors)
    named = [(one.name, one.allowed(mentees)) for one in market.constraints]
    if market.floor:
        named.append((SCORE_FLOOR, pack(_above_floor(market, mentees))))
    named.append((FREE_PLACE, repeat(pack(market.capacity[None, :] > 0)[0], len(mentees))))
    passing = np.stack([count(passes) for _, passes in named])
    once, twice = np.zeros_like(named[0][1]), np.zeros_like(named[0][1])
    for _, rows in named:
        np.bitwise_xor(rows, everyone, out=rows)  # from whom it lets through to whom it fails
        twice |= once & rows
        once |= rows
    once &= ~twice
    return _Standing(
        names=[name for name, _ in named],
        fails=[fails for _, fails in named],
        passing=passing,
        alone=np.stack([count(once & fails) for _, fails in named]),
    )


def _above_floor(market: Market, mentees: Codes) -> Booleans:
    rows, cols = np.repeat(mentees, market.mentors), np.tile(np.arange(market.mentors), len(mentees))
    return (market.scorer.score(rows, cols) >= market.floor).reshape(len(mentees), market.mentors)


def _smallest_set(names: Sequence[str], ours: Booleans, fails: Words, mentors: int) -> SmallestChange | None:
    """By constraint and mentor, `fails`; the mentors whom only `ours` fail are those that a change can open."""
    openable = np.flatnonzero(~unpack(np.bitwise_or.reduce(fails[~ours])[None, :], mentors)[0])
    if not len(openable):
        return None
    failing = unpack(fails[ours], mentors).take(openable, axis=1)
    sizes = failing.sum(axis=0)
    fewest = failing[:, sizes == sizes.min()]  # no smaller set opens anyone, so each opens its own mentors only
    bits = np.left_shift(1, np.arange(len(fewest), dtype=np.int64))
    masks, counts = np.unique(bits @ fewest, return_counts=True)
    best = int(masks[counts.argmax()])
    changed = tuple(
        names[at] for at, bit in zip(np.flatnonzero(ours).tolist(), bits.tolist(), strict=True) if bit & best
    )
    return SmallestChange(changed, int(counts.max()))


def _priority_lacking(market: Market, mentees: Codes, tiers: Integers) -> list[PriorityLacking | None]:
    """The fewest further tiers after which each mentee certainly has a place, all else unchanged; None: no tier gives one."""
    policy = market.policy
    columns = tiers.tolist(), market.priority[mentees].tolist(), market.columns.waiting_days[mentees].tolist()
    return [
        None
        if tier == UNBOUNDED
        else PriorityLacking(
            tiers=tier + 1 - priority,
            days=tier * policy.tier_days - waited,
            is_reachable=tier < policy.max_tier,
        )
        for tier, priority, waited in zip(*columns, strict=True)
    ]


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
        unbroken = everyone & ~np.bitwise_or.reduce(np.stack(fails)[list(chosen)])
        rows, cols = np.nonzero(unpack(unbroken, market.mentors))
        if len(rows):
            refuted.append(market.failures(int(some[rows[0]]))[1][:, cols[0]])
            return True
    return False
