"""Which invented pools do the matching benches solve? Seeded, with the shape of Swedish mentorship programmes.

Languages, occupations, places, hours, capacities and conflicts follow the distributions noted beside each; what is
drawn depends on the seed and the size alone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from app.domain.glossary import AgeGroup, CefrLevel, Gender, Goal, Interest, RuledOut
from app.domain.matching.model import Mentee, Mentor, Pool
from app.domain.matching.policy import Policy, default_policy_document

SHARE_OF_MENTORS = 0.58  # mentors for each mentee: 40 to 60 of all, and a few short
# Mother tongues of mentees, in percent; the rest speak Swedish from birth. Mentors: four of five Swedish-born.
TONGUES = {
    "ar": 20, "so": 9, "uk": 9, "fa": 7.5, "ti": 6.5, "prs": 4, "tr": 3, "ku": 3, "ps": 2.5, "ru": 2.5, "en": 2, "es": 2,
    "am": 1.5, "bs": 1.5, "th": 1, "pl": 0.5, "fr": 0.5,
}  # fmt: skip
CAPACITIES, CAPACITY_SHARES = (1, 2, 3), (0.7, 0.2, 0.1)
MUNICIPALITIES = [f"01{number:02d}" for number in (14, 15, 17, 20, 23, 25, 26, 27, 28, 36, 38, 39, 40, 60)] + [
    f"018{number}" for number in range(10)
]
MUNICIPALITIES += [f"019{number}" for number in range(3)] + ["0380", "0580", "0680", "1280", "1480", "1780", "2180"]
OCCUPATIONS = [
    f"{major}{middle}{low}{last}"
    for major in range(1, 10)
    for middle in range(1, 6)
    for low in (1, 2)
    for last in (1, 2, 3)
][:230]
SKILLS = [f"{chr(97 + n // 26)}{chr(97 + n % 26)}x1_{n:03d}_abc" for n in range(80)]
EVENING, DAY = (16, 17, 18, 19, 20), (8, 9, 10, 11, 12, 13, 14, 15)
WEEKDAYS = 5
LEVELS = list(CefrLevel)


@dataclass(frozen=True)
class _Source:
    random: np.random.Generator

    def pick(self, options: Any, shares: Any = None) -> Any:
        return options[int(self.random.choice(len(options), p=shares))]

    def some(self, options: Any, least: int, most: int) -> frozenset[Any]:
        count = int(self.random.integers(least, most + 1))
        return frozenset(options[at] for at in self.random.choice(len(options), size=count, replace=False).tolist())

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)


def make_pool(mentees: int, seed: int = 2014) -> Pool:
    """A pool of `mentees` mentees and 58 percent as many mentors, with one ruled-out pair for every 50 mentees."""
    source = _Source(np.random.default_rng([seed, mentees]))
    mentors = max(1, round(mentees * SHARE_OF_MENTORS))
    made = tuple(_mentor(source, number) for number in range(mentors))
    asked = tuple(_mentee(source, number) for number in range(mentees))
    reasons = list(RuledOut)
    blocked = {
        (made[int(one)].person, asked[int(other)].person): source.pick(reasons)
        for one, other in source.random.integers(0, [mentors, mentees], size=(mentees // 50, 2))
    }
    return Pool(made, asked, blocked)


def make_policy() -> Policy:
    """The shipped policy of adult programs."""
    return Policy.parse(default_policy_document("sv-adult-labour"))


def _mentor(source: _Source, number: int) -> Mentor:
    languages = {"sv": CefrLevel.NATIVE}
    if source.chance(0.2):
        languages = {"sv": source.pick(LEVELS[2:6]), _tongue(source): CefrLevel.NATIVE}
    if source.chance(0.85):
        languages.setdefault("en", source.pick(LEVELS[2:6]))
    return Mentor(
        id=_id(1, number),
        person=_id(3, number),
        capacity=source.pick(CAPACITIES, CAPACITY_SHARES),
        is_business_owner=source.chance(0.2),
        is_trained=source.chance(0.94),
        is_ready=source.chance(0.88),  # screened and trained
        accepts_gender=source.pick([None, Gender.FEMALE, Gender.MALE], [0.9, 0.07, 0.03]),
        **_common(source, languages, EVENING if source.chance(0.7) else DAY, remote=0.54),
    )


def _mentee(source: _Source, number: int) -> Mentee:
    languages = {"sv": CefrLevel.NATIVE}
    if not source.chance(0.24):
        languages = {
            "sv": source.pick(LEVELS[:6], [0.03, 0.22, 0.3, 0.25, 0.15, 0.05]),
            _tongue(source): CefrLevel.NATIVE,
        }
    if source.chance(0.4):
        languages.setdefault("en", source.pick(LEVELS[:5]))
    return Mentee(
        id=_id(2, number),
        person=_id(4, number),
        waiting_days=int(source.random.exponential(120)),
        needs_business_owner=source.chance(0.05),
        is_trained=True,
        is_ready=True,
        accepts_gender=source.pick([None, Gender.FEMALE, Gender.MALE], [0.78, 0.18, 0.04]),
        **_common(source, languages, DAY if source.chance(0.4) else EVENING, remote=0.54),
    )


def _common(
    source: _Source, languages: dict[str, CefrLevel], hours: tuple[int, ...], *, remote: float
) -> dict[str, Any]:
    days = source.some(range(WEEKDAYS), 2, 4)
    return {
        "holder": _id(5, int(source.random.integers(0, 12))),
        "is_anonymous": source.chance(0.01),
        "languages": languages,
        "occupation": None if source.chance(0.08) else source.pick(OCCUPATIONS),
        "skills": source.some(SKILLS, 0, 6),
        "interests": source.some(list(Interest), 0, 4),
        "place": source.pick(MUNICIPALITIES),
        "has_remote": source.chance(remote),
        "availability": frozenset(day * 24 + hour for day in days for hour in source.some(hours, 2, 5)),
        "goals": source.some(list(Goal), 1, 3),
        "gender": source.pick([Gender.FEMALE, Gender.MALE, Gender.OTHER, Gender.UNDISCLOSED], [0.55, 0.42, 0.01, 0.02]),
        "age_group": source.pick(list(AgeGroup)[1:]),
        "accepts_age_groups": source.some(list(AgeGroup)[1:], 2, 3) if source.chance(0.1) else frozenset(),
        "employer": _id(6, int(source.random.integers(0, 400))) if source.chance(0.3) else None,
    }


def _tongue(source: _Source) -> str:
    shares = np.array(list(TONGUES.values()))
    return str(source.pick(list(TONGUES), shares / shares.sum()))


def _id(kind: int, number: int) -> UUID:
    """Spread over the range of ids, so that canonical order is not the order of making."""
    return UUID(int=(kind << 120) | ((number * 0x9E3779B97F4A7C15 % (1 << 64)) << 32) | number)
