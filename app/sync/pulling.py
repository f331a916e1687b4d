"""What has changed since last time? The feed is read from where we were; what it names is read anew."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .client import Api
from .failures import Refused
from .mirror import Key, Mirror

ADDRESSES: Mapping[str, str] = {
    "program": "/programs",
    "cohort": "/cohorts",
    "participant": "/participants",
    "enrolment": "/enrolments",
    "match": "/matches",
    "meeting": "/meetings",
    "follow_up": "/follow-ups",
    "training_record": "/training-records",
    "attendance": "/attendances",
    "placement": "/placements",
    "referral": "/referrals",
}
"""The kinds of things that are read, and where; whatever else the feed tells of is passed over."""
PAGE = 200
"""Changes a page: what a run that is cut off has to read again at most."""
GONE = frozenset({403, 404, 410})
NO_RIGHT = frozenset({"access.role_not_permitted"})
"""Refusals that hold for every thing of a kind; any other is about the one thing."""


@dataclass
class Pulled:
    """What one pull did."""

    changes: int = 0
    stored: int = 0
    removed: int = 0
    is_from_start: bool = False
    without_right: set[str] = field(default_factory=set)
    """Kinds that the service account's scopes or duties do not let it read."""


def pull(api: Api, mirror: Mirror, kinds: Collection[str], tell: Callable[[Pulled], None]) -> Pulled:
    """Read the feed to its end. Each page is stored with its place, so a run that is cut off goes on from there.

    Raises: what `Api.send` raises; what was stored until then stays.
    """
    done = Pulled(is_from_start=mirror.note("cursor") is None)
    _begin_anew_with_other(kinds, mirror, done)
    has_more = True
    while has_more:
        page = _page(api, mirror, done)
        things = list(_things(api, page["items"], kinds, done))
        stored, removed = mirror.keep({"cursor": page["nextCursor"]}, things)
        done.changes += len(page["items"])
        done.stored += stored
        done.removed += removed
        has_more = page["hasMore"]
        tell(done)
    return done


def _begin_anew_with_other(kinds: Collection[str], mirror: Mirror, done: Pulled) -> None:
    """The place in the feed holds for the kinds it was read with: with others, what was passed over must be read."""
    asked = ",".join(sorted(kinds))
    if mirror.note("kinds") not in {None, asked}:
        mirror.forget()
        done.is_from_start = True
    mirror.keep({"kinds": asked})


def _page(api: Api, mirror: Mirror, done: Pulled) -> Any:
    cursor = mirror.note("cursor")
    place = {} if cursor is None else {"cursor": cursor}
    try:
        return api.get("/changes", limit=PAGE, **place)
    except Refused as refused:
        if cursor is None or refused.code != "request.cursor_invalid":
            raise
    mirror.forget()  # the server has changed its keys: all is read again, and what is out of reach now is not kept
    done.is_from_start = True
    return api.get("/changes", limit=PAGE)


def _things(
    api: Api, changes: list[Mapping[str, Any]], kinds: Collection[str], done: Pulled
) -> Iterator[tuple[Key, Mapping[str, Any] | None]]:
    """Each thing that a page names, once, as it is now; None when it is gone or out of reach."""
    for kind, identity in dict.fromkeys((one["subject"], one["subjectId"]) for one in changes):
        if kind not in kinds or kind in done.without_right:
            continue
        try:
            yield (kind, identity), api.get(f"{ADDRESSES[kind]}/{identity}")
        except Refused as refused:
            if refused.code in NO_RIGHT:
                done.without_right.add(kind)
            elif refused.status in GONE:
                yield (kind, identity), None
            else:
                raise
