"""Do the rules of channels, joint meetings and digests hold?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.domain import cooperation as rules
from app.domain.cooperation import DigestChoice, PostKind, ThreadKind, Unread
from app.domain.errors import RuleViolation, catalogue

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    "url", ["https://nacka.example", "https://nacka.example:8443/a?b=c#d", "https://xn--mte-0na.example/åäö"]
)
def test_links_are_https(url: str) -> None:
    rules.check_link(url, "/url")


@pytest.mark.parametrize(
    ("check", "code"),
    [
        *(
            (lambda url=url: rules.check_link(url, "/url"), "link.not_https")
            for url in (
                "http://nacka.example",
                "javascript:alert(1)",
                "//nacka.example",
                "https://",
                "https:///a",
                "https://user:secret@nacka.example",
                "https://user@nacka.example",
                "https://nacka.example:0",
                "https://nacka.example:99999",
                "https://[::1",
                "https://nacka.example/a b",
                "ftp://nacka.example",
            )
        ),
        (lambda: rules.check_mentions([ONE, OTHER], {ONE}, "/x"), "channel_post.mention_outside"),
        (lambda: rules.check_replied(PostKind.REPLY, is_withdrawn=False), "channel_post.reply_to_reply"),
        (lambda: rules.check_replied(PostKind.POST, is_withdrawn=True), "channel_post.withdrawn"),
        (lambda: rules.check_not_withdrawn(is_withdrawn=True), "channel_post.withdrawn"),
        (lambda: rules.check_times(NOW, NOW + HOUR, NOW), "joint_meeting.in_past"),
        (lambda: rules.check_times(NOW + HOUR, NOW + HOUR, NOW), "joint_meeting.ends_before_start"),
        (lambda: rules.check_times(NOW + HOUR, NOW + timedelta(days=7, hours=2), NOW), "joint_meeting.too_long"),
        (lambda: rules.check_where(None, None), "joint_meeting.place_needed"),
        (lambda: rules.check_partners([ONE], {OTHER}, "/x"), "joint_meeting.partner_outside"),
        (lambda: rules.check_not_cancelled(is_cancelled=True), "joint_meeting.cancelled"),
        (lambda: rules.check_answerable(NOW + HOUR, NOW, is_invited=False), "joint_meeting.not_invited"),
        (lambda: rules.check_answerable(NOW, NOW, is_invited=True), "joint_meeting.has_ended"),
    ],
)
def test_what_is_refused(check: Callable[[], None], code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        check()
    assert refused.value.code == code
    assert code in catalogue()


def test_what_is_allowed() -> None:
    rules.check_mentions([ONE], {ONE, OTHER}, "/x")
    rules.check_replied(PostKind.QUESTION, is_withdrawn=False)
    rules.check_times(NOW + HOUR, NOW + HOUR + timedelta(days=7), NOW)
    rules.check_where("Stadshuset", None)
    rules.check_where(None, "https://mote.example")
    rules.check_partners([ONE], {ONE}, "/x")
    rules.check_not_cancelled(is_cancelled=False)
    rules.check_answerable(NOW + HOUR, NOW, is_invited=True)


def test_what_is_posted_first_is_no_reply() -> None:
    assert {kind.value for kind in PostKind} - {kind.value for kind in ThreadKind} == {"reply"}


@pytest.mark.parametrize(
    ("wanted", "before", "newest", "stands"), [(3, 0, 5, 3), (2, 3, 5, 3), (9, 3, 5, 5), (0, 0, 0, 0)]
)
def test_a_read_mark_never_goes_back_nor_beyond(wanted: int, before: int, newest: int, stands: int) -> None:
    assert rules.read_until(wanted, before, newest) == stands


@pytest.mark.parametrize(
    ("choice", "told", "is_due"),
    [
        (DigestChoice.DAILY, {}, True),
        (DigestChoice.DAILY, {ONE: 6}, True),
        (DigestChoice.DAILY, {ONE: 7}, False),
        (DigestChoice.ONLY_MENTIONS, {ONE: 4}, True),
        (DigestChoice.ONLY_MENTIONS, {ONE: 5}, False),
        (DigestChoice.OFF, {}, False),
    ],
)
def test_a_digest_tells_something_new(choice: DigestChoice, told: dict[object, int], is_due: bool) -> None:  # noqa: FBT001  a fact of the case
    unread = {ONE: Unread(posts=3, mentions=1, newest=7, newest_mention=5)}
    assert rules.is_digest_due(choice, unread, told) is is_due  # type: ignore[arg-type]
    assert not rules.is_digest_due(choice, {}, {})
