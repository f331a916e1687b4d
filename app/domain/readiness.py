"""Is a program ready to open a cohort? One item for each of the seven success factors, and what is missing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from app.domain.errors import RuleViolation
from app.domain.glossary import ProgramKind, Sector, Side
from app.domain.roles import Responsibility

_ENOUGH_SECTORS = 2

_EVERY_KIND = frozenset(
    {
        Responsibility.DEFINE_PURPOSE,
        Responsibility.INFORM,
        Responsibility.RECRUIT_MENTEES,
        Responsibility.SCREEN_MENTEES,
        Responsibility.FOLLOW_UP_MATCHES,
        Responsibility.HANDLE_INCIDENTS,
        Responsibility.RECORD_OUTCOMES,
        Responsibility.HOLD_PERSONAL_DATA,
    }
)
_PAIRING = frozenset({Responsibility.PROPOSE_MATCHES, Responsibility.APPROVE_MATCHES})
_MENTORS = frozenset({Responsibility.RECRUIT_MENTORS, Responsibility.SCREEN_MENTORS})
_SIGNED_MATCHES = _PAIRING | {Responsibility.SIGN_MATCH_AGREEMENTS}
# A supervisor at the host place stands where the mentor would: nobody recruits or screens mentors.
_HOSTED = _EVERY_KIND | _SIGNED_MATCHES | {Responsibility.TRAIN_MENTEES, Responsibility.PROVIDE_HOST_PLACE}

DUTIES_NEEDED: Mapping[ProgramKind, frozenset[Responsibility]] = MappingProxyType(
    {
        ProgramKind.MENTORING: _EVERY_KIND
        | _MENTORS
        | _SIGNED_MATCHES
        | {Responsibility.TRAIN_MENTEES, Responsibility.TRAIN_MENTORS},
        ProgramKind.INTERNSHIP: _HOSTED,
        ProgramKind.TRAINEE: _HOSTED,
        ProgramKind.COACHING_PROJECT: _EVERY_KIND | {Responsibility.TRAIN_MENTEES},
        ProgramKind.INTRODUCTION_MEETING: _EVERY_KIND | _MENTORS | _PAIRING,
    }
)

_TRAINERS = {Side.MENTOR: Responsibility.TRAIN_MENTORS, Side.MENTEE: Responsibility.TRAIN_MENTEES}
_TRAINER_OF = {f"{side.value}Training": duty for side, duty in _TRAINERS.items()}


@dataclass(frozen=True)
class ReadinessFacts:
    """What is known about the program on the day of the check.

    `accountable` holds the duties with an accountable partner in force that day. Training is in minutes, None while
    not set; zero is accepted only for the sides in `zero_training_by_profile`.
    """

    has_purpose: bool = False
    target_count: int = 0
    accountable: frozenset[Responsibility] = frozenset()
    has_policy: bool = False
    mentor_training_minutes: int | None = None
    mentee_training_minutes: int | None = None
    zero_training_by_profile: frozenset[Side] = frozenset()
    sectors: frozenset[Sector] = frozenset()
    single_sector_reason: str | None = None
    information_packs: frozenset[Side] = frozenset()
    is_information_required: bool = True
    follow_up_profile: str | None = None

    def training_minutes(self, side: Side) -> int | None:
        return self.mentor_training_minutes if side is Side.MENTOR else self.mentee_training_minutes


@dataclass(frozen=True)
class ReadinessItem:
    """One success factor. `waits_for` is the duty whose accountable partner can supply what is missing, if any."""

    factor: int
    code: str
    is_met: bool
    waits_for: Responsibility | None
    missing: tuple[str, ...]
    en: str
    sv: str


def check_readiness(kind: ProgramKind, facts: ReadinessFacts) -> tuple[ReadinessItem, ...]:
    """Seven items in the order of the factors. What a kind has no duty for is not asked of it."""
    needed = DUTIES_NEEDED[kind]
    return (
        _item("purpose", _missing_purpose(facts), Responsibility.DEFINE_PURPOSE),
        _item("responsibilities", sorted(duty.value for duty in needed - facts.accountable), None),
        _item("matching", _missing_policy(needed, facts), Responsibility.PROPOSE_MATCHES),
        _training_item(needed, facts),
        _item("cooperation", _missing_sector(facts), Responsibility.DEFINE_PURPOSE),
        _item("information", _missing_information(needed, facts), Responsibility.INFORM),
        _item("followUp", [] if facts.follow_up_profile else ["followUpProfile"], Responsibility.FOLLOW_UP_MATCHES),
    )


@dataclass(frozen=True)
class ToDo:
    """One thing that is missing, as a task. `waits_for` is the duty whose accountable partner does it."""

    factor: int
    code: str
    missing: str
    waits_for: Responsibility
    en: str
    sv: str


def to_do(items: Iterable[ReadinessItem]) -> tuple[ToDo, ...]:
    """The tasks that are left, in the order of the factors; a missing duty waits for whoever defines the purpose."""
    return tuple(_task(item, missing) for item in items for missing in item.missing)


def _task(item: ReadinessItem, missing: str) -> ToDo:
    duties, texts = _texts()["duties"], _texts()["toDo"]
    text = texts["duty" if missing in duties else missing]
    duty = duties.get(missing, {"en": "", "sv": ""})
    waits_for = _TRAINER_OF.get(missing) or item.waits_for or Responsibility.DEFINE_PURPOSE
    en, sv = (text[one].format(duty=duty[one]) for one in ("en", "sv"))
    return ToDo(item.factor, item.code, missing, waits_for, en, sv)


def require_ready(items: Iterable[ReadinessItem]) -> None:
    """Raise `cohort.not_ready` with what is missing per unmet factor."""
    missing = {item.code: list(item.missing) for item in items if not item.is_met}
    if missing:
        raise RuleViolation("cohort.not_ready", missing=missing)


def _missing_purpose(facts: ReadinessFacts) -> list[str]:
    demands = {"purpose": facts.has_purpose, "target": facts.target_count > 0}
    return [name for name, is_met in demands.items() if not is_met]


def _missing_policy(needed: frozenset[Responsibility], facts: ReadinessFacts) -> list[str]:
    is_asked = Responsibility.PROPOSE_MATCHES in needed
    return ["matchingPolicy"] if is_asked and not facts.has_policy else []


def _training_item(needed: frozenset[Responsibility], facts: ReadinessFacts) -> ReadinessItem:
    lacking = [side for side, duty in _TRAINERS.items() if duty in needed and not _is_training_set(side, facts)]
    waits_for = _TRAINERS[lacking[0]] if lacking else None
    return _item("training", [f"{side.value}Training" for side in lacking], waits_for)


def _is_training_set(side: Side, facts: ReadinessFacts) -> bool:
    return bool(facts.training_minutes(side)) or side in facts.zero_training_by_profile


def _missing_sector(facts: ReadinessFacts) -> list[str]:
    has_reason = bool(facts.single_sector_reason and facts.single_sector_reason.strip())
    return [] if len(facts.sectors) >= _ENOUGH_SECTORS or has_reason else ["secondSectorOrReason"]


def _missing_information(needed: frozenset[Responsibility], facts: ReadinessFacts) -> list[str]:
    if not facts.is_information_required:
        return []
    has_mentors = bool(needed & _MENTORS)
    sides = [side for side in Side if side is Side.MENTEE or has_mentors]
    return [f"{side.value}Information" for side in sides if side not in facts.information_packs]


def _item(code: str, missing: list[str], waits_for: Responsibility | None) -> ReadinessItem:
    text = _texts()["items"][code]
    waits = waits_for if missing else None
    return ReadinessItem(text["factor"], code, not missing, waits, tuple(missing), text["en"], text["sv"])


@cache
def _texts() -> dict[str, Any]:
    texts: dict[str, Any] = json.loads(files("app.domain.data").joinpath("readiness.json").read_text(encoding="utf-8"))
    return texts
