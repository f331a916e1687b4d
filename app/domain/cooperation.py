"""How do partners talk and meet? The rules of a program's channel, of joint meetings, and of the daily digest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from app.domain.errors import RuleViolation

MOST_TEXT = 4000
MOST_LINKS = 10
MOST_MENTIONS = 20
MOST_AGENDA = 50
MOST_INVITED = 100
LONGEST_MEETING = timedelta(days=7)
DIGEST_HOURS = range(6, 9)
"""The Swedish hours in which the day's digests are written; one that is on its way may go later."""


class PostKind(StrEnum):
    """What a post in the channel is."""

    POST = "post"  # inlägg
    QUESTION = "question"  # fråga
    DECISION = "decision"  # beslut
    REPLY = "reply"  # svar, one level deep


class ThreadKind(StrEnum):
    """What can be posted first; a reply is made below something."""

    POST = PostKind.POST.value
    QUESTION = PostKind.QUESTION.value
    DECISION = PostKind.DECISION.value


class DigestChoice(StrEnum):
    """When somebody wants the daily digest (sammandrag) of what they have not read."""

    DAILY = "daily"  # whenever there is something new
    ONLY_MENTIONS = "onlyMentions"  # when they or their organisation are mentioned
    OFF = "off"


class MeetingAnswer(StrEnum):
    """What a partner answers to an invitation."""

    COMING = "coming"  # kommer
    NOT_COMING = "notComing"  # kommer inte


def check_link(url: str, pointer: str) -> None:
    """Raise `link.not_https` unless it is an https address with a host and without a login in it."""
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme == "https" and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        is_fit = False
    if not is_fit or any(character.isspace() for character in url):
        raise RuleViolation("link.not_https", pointer=pointer)


def check_mentions(mentioned: Collection[UUID], inside: Collection[UUID], pointer: str) -> None:
    """Raise `channel_post.mention_outside` when somebody is mentioned who does not see the channel."""
    if set(mentioned) - set(inside):
        raise RuleViolation("channel_post.mention_outside", pointer=pointer)


def check_replied(kind: PostKind, *, is_withdrawn: bool) -> None:
    """Raise `channel_post.reply_to_reply` or `channel_post.withdrawn` unless the post may be replied to."""
    if kind is PostKind.REPLY:
        raise RuleViolation("channel_post.reply_to_reply")
    check_not_withdrawn(is_withdrawn=is_withdrawn)


def check_not_withdrawn(*, is_withdrawn: bool) -> None:
    """Raise `channel_post.withdrawn`: nothing happens to a post that was taken back."""
    if is_withdrawn:
        raise RuleViolation("channel_post.withdrawn")


def read_until(wanted: int, before: int, newest: int) -> int:
    """Where a read mark stands: never further back than before, never beyond the newest post."""
    return max(before, min(wanted, newest))


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise `joint_meeting.in_past`, `joint_meeting.ends_before_start` or `joint_meeting.too_long`."""
    if starts_at <= now:
        raise RuleViolation("joint_meeting.in_past", pointer="/startsAt")
    if ends_at <= starts_at:
        raise RuleViolation("joint_meeting.ends_before_start", pointer="/endsAt")
    if ends_at - starts_at > LONGEST_MEETING:
        raise RuleViolation("joint_meeting.too_long", pointer="/endsAt")


def check_where(place: str | None, url: str | None) -> None:
    """Raise `joint_meeting.place_needed` unless people know where to go: a place, or a link."""
    if not place and not url:
        raise RuleViolation("joint_meeting.place_needed", pointer="/place")


def check_partners(named: Collection[UUID], inside: Collection[UUID], pointer: str) -> None:
    """Raise `joint_meeting.partner_outside` when a partner is invited, or named, that is not in the channel."""
    if set(named) - set(inside):
        raise RuleViolation("joint_meeting.partner_outside", pointer=pointer)


def check_not_cancelled(*, is_cancelled: bool) -> None:
    """Raise `joint_meeting.cancelled`: a cancelled meeting is neither changed nor answered."""
    if is_cancelled:
        raise RuleViolation("joint_meeting.cancelled")


def check_answerable(ends_at: datetime, now: datetime, *, is_invited: bool) -> None:
    """Raise `joint_meeting.not_invited` or `joint_meeting.has_ended` unless the partner may answer now."""
    if not is_invited:
        raise RuleViolation("joint_meeting.not_invited")
    if ends_at <= now:
        raise RuleViolation("joint_meeting.has_ended")


@dataclass(frozen=True)
class Unread:
    """What somebody has not read in a program's channel, and the number of the newest of it."""

    posts: int
    mentions: int
    newest: int
    newest_mention: int = 0


def is_digest_due(choice: DigestChoice, unread: Mapping[UUID, Unread], told: Mapping[UUID, int]) -> bool:
    """Is there anything that the last digest could not tell? Nobody gets the same one every morning."""
    if choice is DigestChoice.OFF:
        return False
    is_brief = choice is DigestChoice.ONLY_MENTIONS
    return any((one.newest_mention if is_brief else one.newest) > told.get(at, 0) for at, one in unread.items())
