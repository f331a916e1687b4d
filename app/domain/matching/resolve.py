"""How is a market solved anew when the prices of one much like it are known? Among few pairs, held against all."""

import numpy as np

from app.domain.matching.certificate import Certificate, find_certificate
from app.domain.matching.columns import Codes
from app.domain.matching.market import Market
from app.domain.matching.optimum import find_optimum
from app.domain.matching.pairs import Kept
from app.domain.matching.solver import Graph, solve

_NEAR = 500  # points; the fewer, the smaller the market that is solved and the more often it is


def resolve(market: Market, known: Certificate) -> tuple[Codes, Certificate]:
    """The mates of a best matching and prices that prove it.

    `known` are prices for the same people in the same order. They only say where to look first: at the pairs that lack
    little of being worth their price. What is found is held against every possible pair, and as long as some gain, they
    and those near them are added. Which of several best matchings it is is not drawn. A market whose pairs are not all
    in memory is solved from the beginning.
    """
    if not isinstance(market.pairs, Kept):
        found = find_optimum(market)
        return found.mates, found.certificate
    rows = np.repeat(np.arange(market.mentees), np.diff(market.pairs.start))
    cols = market.pairs.cols.astype(np.int64)
    weight = np.concatenate([np.zeros(0, dtype=np.int64), *(market.weigh(block) for block in market.pairs.blocks())])
    chosen = weight + _NEAR >= known.mentee_price[rows] + known.mentor_price[cols]
    while True:
        graph = Graph(market.mentees, market.capacity, rows[chosen], cols[chosen], weight[chosen])
        mates = graph.mates(solve(graph))
        prices = find_certificate(graph, mates)
        price = prices.mentee_price[rows] + prices.mentor_price[cols]
        if not (weight > price).any():
            return mates, prices
        chosen |= weight + _NEAR >= price
