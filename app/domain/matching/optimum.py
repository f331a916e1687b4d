"""Which matching is the best of all possible pairs, without ever solving them all? Column generation.

A few candidates for each mentee are solved, the prices of that solution are held against *all* possible pairs, the
pairs that would still gain are added, and so on until none would: then the solution is the best there is
(Ford and Fulkerson 1958; Desaulniers, Desrosiers and Solomon 2005). A small market is solved whole at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from app.domain.matching.certificate import UNBOUNDED, Certificate, find_certificate, find_highest_prices
from app.domain.matching.columns import Codes
from app.domain.matching.market import Draw, Market, is_small
from app.domain.matching.pairs import Block, Kept, Least
from app.domain.matching.solver import UNMATCHED, Graph, Integers, solve, tie_bits

SOLVED_WHOLE = 400_000  # pairs
_CANDIDATES = 12  # of each mentee, to begin with
_ADDED = 10  # of each mentee, in one round
_NEAR = 500  # points that a pair may lack to be added too: prices move, and a round costs more than a pair
_FAR = UNBOUNDED // 4  # above every weight, and twice that is still a number
Weigh = Callable[[Block], Integers]
Limit = Callable[[Certificate], Least | None]


@dataclass(frozen=True)
class Optimum:
    """A matching and its prices. `graph` are the pairs looked at more closely than by their price, its own among them."""

    mates: Codes
    certificate: Certificate
    graph: Graph


def find_optimum(market: Market, rounds: int | None = None) -> Optimum:
    """The best matching of the market, or with `rounds` the best that so many rounds of pricing find, with a true bound.

    Of several best matchings it is the one that the draw prefers, as long as all pairs are in memory.
    """
    found = _generate(market, market.weigh, partial(_near, market), rounds)
    if rounds is not None:
        return replace(found, certificate=_cover_all(market, found.certificate))
    return _settle(market, found) if isinstance(market.pairs, Kept) else found


def _generate(market: Market, weigh: Weigh, limit: Limit, rounds: int | None = None) -> Optimum:
    """The matching of largest weight among the pairs that weigh more than 0; `limit` says which can gain at some prices."""
    is_whole = is_small(market.pairs, SOLVED_WHOLE)
    graph = _collect(market, weigh, _all if is_whole else partial(_best, market))
    done = 0
    while True:
        mates = graph.mates(solve(graph))
        prices = find_certificate(graph, mates)
        if is_whole or done == rounds:
            break
        added = _collect(market, weigh, partial(_gaining, market, prices), limit(prices))
        if not (prices.gain(added.rows, added.cols, added.weight) > 0).any():
            break
        graph = _merge(market, graph, added)
        done += 1
    return Optimum(mates, prices, graph)


def find_true_highest_prices(market: Market, found: Optimum) -> Integers:
    """`find_highest_prices` over all possible pairs, by the same trick: relax the candidates, then look at all."""
    graph, price = found.graph, find_highest_prices(found.graph, found.mates)
    if is_small(market.pairs, len(graph.rows)):
        return price
    held = market.held(found.mates)
    while True:
        added = _collect(
            market, market.weigh, partial(_lowering, found.mates, held, price), _lower(market, found.mates, held, price)
        )
        if not len(added.rows):
            return price
        graph = _merge(market, graph, added)
        price = find_highest_prices(graph, found.mates, price)


def _near(market: Market, known: Certificate) -> Least:
    """Asks for the pairs that `_gaining` may choose from."""
    return market.least(known.mentee_price - _NEAR, known.mentor_price)


def _all(_block: Block, weight: Integers) -> Codes:
    return np.flatnonzero(weight > 0)


def _best(market: Market, block: Block, weight: Integers) -> Codes:
    """The candidates of each mentee that weigh most, ties by draw."""
    left = np.where(market.capacity[block.cols] > 0, weight, 0)
    ends = block.start.tolist()
    least = [_nth_largest(left[first:stop], _CANDIDATES) for first, stop in pairwise(ends)]
    at = np.flatnonzero(left >= np.repeat(np.array(least, dtype=np.int64), np.diff(block.start)))
    rows, cols = block.rows[at], block.cols[at]
    return at[_first_of_each(rows, weight[at], market.draw(rows, cols), _CANDIDATES)]


def _nth_largest(weights: Integers, nth: int) -> int:
    """At least 1; where there are no more than that many, 1."""
    return max(1, int(np.partition(weights, -nth)[-nth])) if len(weights) > nth else 1


def _gaining(market: Market, certificate: Certificate, block: Block, weight: Integers) -> Codes:
    """The pairs that weigh most beyond their two prices, or nearly so much, a few for each mentee."""
    gain = certificate.gain(block.rows, block.cols, weight)
    over = np.flatnonzero((gain > -_NEAR) & (weight > 0))
    rows, cols = block.rows[over], block.cols[over]
    return over[_first_of_each(rows, gain[over], market.draw(rows, cols), _ADDED)]


def _first_of_each(rows: Codes, worth: Integers, draw: Draw, most: int) -> Codes:
    """Indexes of the `most` pairs of each mentee that are worth most, ties by draw, in order."""
    order = np.lexsort((draw, -worth, rows))
    ordered = rows[order]
    nth = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return np.sort(order[nth < most])


def _lower(market: Market, mates: Codes, held: Integers, price: Integers) -> Least:
    """Asks for the pairs that `_lowering` may choose from."""
    own = np.where(mates == UNMATCHED, -_FAR, np.minimum(price[mates], _FAR))
    return market.least(held - own, np.minimum(price, _FAR))


def _lowering(mates: Codes, held: Integers, price: Integers, block: Block, weight: Integers) -> Codes:
    """The pair by which somebody matched could move for least, where that is less than their own mentor's price says.

    The block holds what `_lower` asks for: nobody unmatched, and no mentor without a price.
    """
    mate = mates[block.rows]
    moved = price[block.cols] + held[block.rows] - weight
    at = np.flatnonzero(moved < price[mate])
    order = np.lexsort((moved[at], mate[at]))
    _, first = np.unique(mate[at[order]], return_index=True)
    return np.sort(at[order[first]])


def _cover_all(market: Market, certificate: Certificate) -> Certificate:
    """Mentee prices raised until every possible pair is covered: then the bound is true, though not tight."""
    cover, v = certificate.mentee_price.copy(), certificate.mentor_price
    for block in market.pairs.blocks():
        np.maximum.at(cover, block.rows, market.weigh(block) - v[block.cols])
    return Certificate(cover, v)


def _settle(market: Market, found: Optimum) -> Optimum:
    """The one of all best matchings that the draw prefers: once more the same search, over the pairs without slack.

    By complementary slackness a matching is the best exactly when it uses only those, serves every mentee with a
    price and fills every mentor with a price.
    """
    u, v = found.certificate.mentee_price, found.certificate.mentor_price
    bits = tie_bits(market.mentees, market.mentors)
    must = np.int64(market.mentees << bits) + 1

    def weigh(block: Block) -> Integers:
        rows, cols = block.rows, block.cols
        weight = np.zeros(len(rows), dtype=np.int64)
        tight = np.flatnonzero(market.weigh(block) == u[rows] + v[cols])
        rows, cols = rows[tight], cols[tight]
        weight[tight] = 1 + (market.draw(rows, cols) >> np.uint64(64 - bits)).astype(np.int64)
        weight[tight] += must * ((u[rows] > 0).astype(np.int64) + (v[cols] > 0))
        return weight

    mates = _generate(market, weigh, lambda _: None).mates
    return Optimum(mates, found.certificate, _with_own(market, found.graph, mates))


def _with_own(market: Market, graph: Graph, mates: Codes) -> Graph:
    """The graph with the pairs of the matching among its own: the draw may have taken some that were no candidates."""
    rows = np.flatnonzero(mates != UNMATCHED)
    own = Graph(market.mentees, market.capacity, rows, mates[rows], market.held(mates)[rows])
    return _merge(market, graph, own)


def _collect(
    market: Market, weigh: Weigh, choose: Callable[[Block, Integers], Codes], least: Least | None = None
) -> Graph:
    """The pairs that `choose` picks from each block, by index; nothing else of a block is held on to."""
    none = np.zeros(0, dtype=np.int64)
    rows, cols, weights = [none], [none], [none]
    for block in market.pairs.blocks(least):
        weight = weigh(block)
        at = choose(block, weight)
        rows.append(block.rows[at])
        cols.append(block.cols[at])
        weights.append(weight[at])
    parts = np.concatenate(rows), np.concatenate(cols), np.concatenate(weights)
    return Graph(market.mentees, market.capacity, *parts)


def _merge(market: Market, graph: Graph, added: Graph) -> Graph:
    """The pairs of both; those that the graph has already are not added again."""
    keys, wanted = market.key(graph.rows, graph.cols), market.key(added.rows, added.cols)
    at = np.searchsorted(keys, wanted)
    new = np.flatnonzero(np.searchsorted(keys, wanted, side="right") == at)
    rows, cols, weight = (
        np.insert(ours, at[new], theirs[new])
        for ours, theirs in ((graph.rows, added.rows), (graph.cols, added.cols), (graph.weight, added.weight))
    )
    return Graph(market.mentees, market.capacity, rows, cols, weight)
