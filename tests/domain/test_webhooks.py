"""How often is a webhook tried, and what do its events and letters say?"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.webhooks import (
    JITTER,
    PAUSES,
    DeliveryProblem,
    DisabledReason,
    link_to,
    message_id,
    pause_after,
    payload,
    problem_of,
    write_notice,
)

ONE = UUID("0199c0de-7a11-7c3e-9d53-2f1b8c4e6a90")


def test_pauses_grow_and_last_three_days_and_not_much_more() -> None:
    assert sorted(PAUSES) == list(PAUSES)
    assert timedelta(days=3) <= sum(PAUSES, timedelta()) <= timedelta(days=3, hours=2)
    assert [pause_after(number, 0) for number in range(1, len(PAUSES) + 2)] == [*PAUSES, None]
    assert pause_after(1, 1) == PAUSES[0] * (1 + JITTER)


@pytest.mark.parametrize(
    ("status", "problem"),
    [(200, None), (204, None), (299, None), (300, "redirected"), (307, "redirected"), (410, "refused"), (429, "refused"),
     (500, "receiverFailed"), (199, "receiverFailed"), (999, "receiverFailed")],
)  # fmt: skip
def test_only_two_hundreds_are_a_yes(status: int, problem: str | None) -> None:
    assert problem_of(status) == (None if problem is None else DeliveryProblem(problem))


def test_ids_are_the_same_for_the_same_event_and_webhook_only() -> None:
    other = UUID(int=1)
    assert message_id(ONE, "7") == message_id(ONE, "7")
    assert len({message_id(ONE, "7"), message_id(ONE, "8"), message_id(other, "7")}) == 3


def test_an_event_says_when_in_utc() -> None:
    told = payload("match.closed", datetime(2026, 3, 2, 9, tzinfo=UTC), {"id": "7", "link": None})
    assert told == '{"type":"match.closed","timestamp":"2026-03-02T09:00:00Z","data":{"id":"7","link":null}}'


def test_links_lead_to_things_and_parts_have_none() -> None:
    assert link_to("match", ONE) == f"/matches/{ONE}"
    assert link_to("agreement_party", ONE) is None


@pytest.mark.parametrize("reason", DisabledReason)
def test_a_letter_gives_the_reason_in_two_languages(reason: DisabledReason) -> None:
    letter = write_notice("Register {0}", reason, "https://x.example/1")
    assert letter.subject == "En webhook är avstängd: Register {0}"
    swedish, english = letter.body.split("***")
    assert "Register {0}" in swedish
    assert "Register {0}" in english
    assert swedish.count("https://x.example/1") == english.count("https://x.example/1") == 1
