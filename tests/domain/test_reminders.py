"""Does the ladder climb by the profile's days, and do letters say what they may and nothing else?"""

from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.benchmarks import BenchmarkOverride, Profile, profile
from app.domain.follow_ups import FollowUpKind
from app.domain.reminders import Item, LetterKind, Rung, language_of, rung_on, write

DUE_ON = date(2014, 9, 15)
PROGRAM = "Kvinnor och mentorer"


def ladder(**days: int) -> Profile:
    return profile("youth-16-29").with_override(BenchmarkOverride.parse(days))


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (-3, None),
        (-2, Rung.AHEAD),
        (2, Rung.AHEAD),
        (3, Rung.LATE),
        (6, Rung.LATE),
        (7, Rung.SUPPORTING),
        (13, Rung.SUPPORTING),
        (14, Rung.ACCOUNTABLE),
        (400, Rung.ACCOUNTABLE),
    ],
)
def test_the_ladder_climbs_by_days(late: int, expected: Rung | None) -> None:
    assert rung_on(DUE_ON, DUE_ON + timedelta(days=late), profile("youth-16-29"), 7) is expected


def test_nobody_is_reminded_of_what_cannot_be_answered_yet() -> None:
    early = ladder(remindAheadDays=30)
    assert rung_on(DUE_ON, DUE_ON - timedelta(days=8), early, 7) is None
    assert rung_on(DUE_ON, DUE_ON - timedelta(days=7), early, 7) is Rung.AHEAD


def test_of_one_day_the_highest_rung_counts_and_else_the_latest() -> None:
    same = ladder(remindLateDays=5, escalateSupportingDays=5, escalateAccountableDays=5)
    assert rung_on(DUE_ON, DUE_ON + timedelta(days=5), same, 7) is Rung.ACCOUNTABLE
    turned = ladder(escalateSupportingDays=2, remindLateDays=6, escalateAccountableDays=9)
    found = [rung_on(DUE_ON, DUE_ON + timedelta(days=day), turned, 7) for day in (2, 6, 9)]
    assert found == [Rung.SUPPORTING, Rung.LATE, Rung.ACCOUNTABLE]


@pytest.mark.parametrize(
    ("skills", "language"),
    [
        ([], "sv"),
        ([("en", "C1")], "en"),
        ([("sv", "B1"), ("en", "B2")], "en"),
        ([("sv", "B2"), ("en", "B2")], "sv"),
        ([("ar", "native"), ("sv", "A1")], "sv"),
    ],
)
def test_english_for_who_knows_it_better(skills: list[tuple[str, str]], language: str) -> None:
    told: list[dict[str, Any]] = [{"code": code, "level": level} for code, level in skills]
    assert language_of(told) == language


@pytest.mark.parametrize(
    ("rung", "own", "staff"),
    [
        (Rung.AHEAD, LetterKind.ANSWERING, LetterKind.ASKING),
        (Rung.LATE, LetterKind.ANSWERING, LetterKind.ASKING),
        (Rung.SUPPORTING, LetterKind.SUPPORTING, LetterKind.SUPPORTING),
        (Rung.ACCOUNTABLE, LetterKind.ACCOUNTABLE, LetterKind.ACCOUNTABLE),
    ],
)
def test_a_rung_speaks_to_its_reader(rung: Rung, own: LetterKind, staff: LetterKind) -> None:
    assert (LetterKind.of(rung, is_own=True), LetterKind.of(rung, is_own=False)) == (own, staff)


def items(*days: int) -> list[Item]:
    return [Item(FollowUpKind.CHECK_IN_MENTEE, DUE_ON + timedelta(days=day)) for day in days]


def test_a_person_reads_what_waits_and_until_when_and_no_program() -> None:
    swedish = write(LetterKind.ANSWERING, "sv", items(0, -9), PROGRAM, DUE_ON)
    assert "Dags för avstämning. Svar skulle ha lämnats 2014-09-06, men" in swedish.body
    assert "Dags för avstämning. Svara senast 2014-09-15." in swedish.body
    assert swedish.body.index("2014-09-06") < swedish.body.index("2014-09-15")
    english = write(LetterKind.ANSWERING, "en", items(0), PROGRAM, DUE_ON)
    assert "It is time for your check-in. Please answer by 2014-09-15." in english.body
    for letter in (swedish, english):
        assert PROGRAM not in letter.subject + letter.body


@pytest.mark.parametrize("kind", FollowUpKind)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_has_its_words(kind: FollowUpKind, language: str) -> None:
    assert "{" not in write(LetterKind.ANSWERING, language, [Item(kind, DUE_ON)], PROGRAM, DUE_ON).body


def test_a_long_list_is_cut() -> None:
    body = write(LetterKind.ANSWERING, "sv", items(*range(30)), PROGRAM, DUE_ON).body
    assert body.count("Dags för") == 20


@pytest.mark.parametrize("kind", [LetterKind.ASKING, LetterKind.SUPPORTING, LetterKind.ACCOUNTABLE])
def test_staff_reads_how_many_in_which_program_in_both_languages(kind: LetterKind) -> None:
    letter = write(kind, "sv", items(-20, -3), PROGRAM, DUE_ON)
    assert letter.subject == "Uppföljningar som väntar: 2 / Follow-ups waiting: 2"
    assert f"Program: {PROGRAM}\n2 uppföljningar väntar. Den äldsta är 20 dagar försenad." in letter.body
    assert f"Programme: {PROGRAM}\n2 follow-ups are waiting. The oldest is 20 days late." in letter.body
    one = write(kind, "sv", items(2), PROGRAM, DUE_ON)
    assert "1 uppföljning väntar. Inget är försenat ännu." in one.body
    assert "1 follow-up is waiting. Nothing is late yet." in one.body
    yesterday = write(kind, "sv", items(-1), PROGRAM, DUE_ON)
    assert "1 uppföljning väntar. Den äldsta är 1 dag försenad." in yesterday.body
    assert "1 follow-up is waiting. The oldest is 1 day late." in yesterday.body


@pytest.mark.parametrize("kind", [LetterKind.ASKING, LetterKind.SUPPORTING, LetterKind.ACCOUNTABLE])
def test_both_languages_say_the_same_to_staff(kind: LetterKind) -> None:
    swedish, english = write(kind, "sv", items(-20, -3), PROGRAM, DUE_ON).body.split("\n\n***\n\n")
    assert len(swedish.strip().splitlines()) == len(english.strip().splitlines()) == 4
    assert "{" not in swedish + english
