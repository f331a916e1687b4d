"""Is everybody reminded once, on the right rung, of nothing that is none of theirs, and of nobody who is concealed?"""

import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import Session, col, select

from app.domain.follow_ups import FollowUpKind
from app.domain.glossary import Concealing, Side
from app.domain.lifecycles import FollowUpStatus, MatchStatus
from app.domain.reminders import LetterStatus
from app.domain.roles import Level, Responsibility, Role
from app.features.access.tables import Concealment, ResponsibilityAssignment, UserAccount
from app.features.changes.tables import Change
from app.features.follow_ups import jobs
from app.features.follow_ups.actions.reminders import MOST_ATTEMPTS, remind_in_program
from app.features.follow_ups.tables import FollowUp, Letter, Reminder
from app.kit import jobs as kit
from app.kit.mail import Undeliverable
from app.settings import Settings
from app.worker import create_worker
from tests.features.follow_ups.scene import planned
from tests.features.matches.pairs import Pair, Place
from tests.world import World

TRACE = "7" * 32
PATIENCE_SECONDS = 30


@dataclass
class Post:
    """A mailer that keeps what it is given, and fails as it is told to."""

    sent: dict[str, list[EmailMessage]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Exception] = field(default_factory=list)

    def send(self, letter: EmailMessage) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.sent[str(letter["To"])].append(letter)

    def to(self, address: str | None) -> list[str]:
        return [letter.get_content() for letter in self.sent[str(address)]]


@dataclass
class Office:
    """A program with somebody at each rung of the ladder."""

    place: Place
    post: Post
    helper: str = ""
    answerable: str = ""

    def __post_init__(self) -> None:
        self.place.support(self.place.association, Responsibility.FOLLOW_UP_MATCHES)
        self.helper = self.staff(self.place.association)
        self.answerable = self.staff(self.place.municipality)

    def staff(self, partner: UUID, role: Role = Role.COORDINATOR) -> str:
        address = f"personal{self.place.world.number()}@example.org"
        self.place.world.add(UserAccount(name="Påhittad", role=role, partner_id=partner, email=address))
        return address

    def address(self, person: Any) -> str:
        with Session(self.place.world.engine) as session:
            return str(session.get_one(UserAccount, person.row.user_id).email)

    def remind(self) -> None:
        jobs.remind(replace(self.place.world.runtime, mailer=self.post), TRACE)

    def rungs(self, row: FollowUp) -> list[str]:
        with Session(self.place.world.engine) as session:
            mine = select(Reminder).where(Reminder.follow_up_id == row.id).order_by(col(Reminder.id))
            return [one.rung.value for one in session.exec(mine)]

    @property
    def letters(self) -> list[Letter]:
        with Session(self.place.world.engine) as session:
            mine = select(Letter).where(Letter.program_id == self.place.program).order_by(col(Letter.id))
            return list(session.exec(mine))


@pytest.fixture
def office(world: World) -> Office:
    return Office(Place(world), Post())


@pytest.fixture
def pair(office: Office) -> Pair:
    return office.place.active()


@pytest.fixture(autouse=True)
def same_day(world: World) -> Iterator[None]:
    """Each test may let days pass, and starts on the same one."""
    before = world.clock()
    yield
    world.clock.advance(before - world.clock())


def test_the_ladder_goes_from_the_person_to_the_accountable_partner(office: Office, pair: Pair) -> None:
    row, days = planned(pair, 2), [0, 1, 5, 9, 16, 17]
    seen = []
    for day in days:
        pair.place.world.clock.advance(timedelta(days=day - (days[days.index(day) - 1] if day else 0)))
        office.remind()
        seen.append(office.rungs(row))
    person = office.address(pair.mentor)
    assert seen == [
        ["ahead"],
        ["ahead"],
        ["ahead", "late"],
        ["ahead", "late", "supporting"],
        ["ahead", "late", "supporting", "accountable"],
        ["ahead", "late", "supporting", "accountable"],
    ]
    assert [len(office.post.to(one)) for one in (person, office.helper, office.answerable)] == [2, 1, 1]
    assert {one.status for one in office.letters} == {LetterStatus.SENT}
    told = pair.place.staff().get(f"/follow-ups/{row.id}/reminders").json()["items"]
    assert [(one["rung"], one["letterStatus"]) for one in told] == [
        (rung, "sent") for rung in ("ahead", "late", "supporting", "accountable")
    ]


def test_each_change_is_recorded_without_anybody_having_done_it(office: Office, pair: Pair) -> None:
    row = planned(pair, 0)
    office.remind()
    with Session(pair.place.world.engine) as session:
        (reminder,) = session.exec(select(Reminder).where(Reminder.follow_up_id == row.id))
        (change,) = session.exec(select(Change).where(Change.subject_id == reminder.id))
    assert (change.kind, change.trace_id, change.fields) == ("followUp.reminded", TRACE, [])


def test_a_letter_holds_nothing_of_the_other_side_nor_the_program(office: Office, pair: Pair) -> None:
    planned(pair, -3)
    planned(pair, -3, Side.MENTEE)
    office.remind()
    for one, other in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
        (letter,) = office.post.sent[office.address(one)]
        text = letter.as_string() + letter.get_content()
        assert "avstämning" in letter.get_content()
        for said in (
            other.row.given_name,
            office.address(other),
            str(other.id),
            "Påhittat program",
            str(pair.match.id),
        ):
            assert said is not None
            assert said not in text


def test_staff_gets_one_letter_about_all_of_them_without_names(office: Office, pair: Pair) -> None:
    for days in (-8, -9, -10):
        planned(pair, days)
    office.remind()
    (body,) = office.post.to(office.helper)
    assert "3 uppföljningar väntar. Den äldsta är 10 dagar försenad." in body
    assert "3 follow-ups are waiting." in body
    assert str(pair.mentor.row.given_name) not in body
    assert office.post.to(office.answerable) == []


def test_english_for_who_knows_it_better(office: Office) -> None:
    place = office.place
    mentor = place.person(Side.MENTOR, languages=[{"code": "en", "level": "C1"}, {"code": "sv", "level": "A2"}])
    planned(place.active(mentor=mentor), 0)
    office.remind()
    (body,) = office.post.to(office.address(mentor))
    assert body.startswith("Hello,")


def test_what_a_person_cannot_answer_is_staffs_to_ask(office: Office, pair: Pair) -> None:
    together = planned(pair, 0, None, kind=FollowUpKind.IN_DEPTH)
    office.remind()
    assert office.rungs(together) == ["ahead"]
    (body,) = office.post.to(office.helper)
    assert "Det är personal som ställer frågorna." in body
    assert office.post.to(office.answerable) == []


def test_without_support_the_accountable_partner_asks(world: World) -> None:
    place = Place(world)
    office = Office(place, Post())
    with Session(world.engine) as session:
        session.info["is_unrecorded"] = True
        held = select(ResponsibilityAssignment).where(
            ResponsibilityAssignment.program_id == place.program,
            ResponsibilityAssignment.level == Level.SUPPORTING,
        )
        for one in session.exec(held):
            one.valid_until = place.today - timedelta(days=1)
        session.commit()
    pair = place.active()
    planned(pair, 0, None, kind=FollowUpKind.IN_DEPTH)
    late = planned(pair, -8)
    office.remind()
    assert len(office.post.to(office.answerable)) == 1
    assert office.post.to(office.helper) == []
    assert office.rungs(late) == []  # its next rung is the accountable partner's, on its own day


def test_a_partner_without_coordinator_is_reached_by_its_case_handlers(world: World) -> None:
    place = Place(world)
    place.support(place.association, Responsibility.FOLLOW_UP_MATCHES)
    office = object.__new__(Office)
    office.place, office.post = place, Post()
    handler = office.staff(place.association, Role.CASE_HANDLER)
    planned(place.active(), -8)
    office.remind()
    assert len(office.post.to(handler)) == 1


def test_people_who_are_concealed_get_nothing_and_nothing_is_told_of_them(office: Office) -> None:
    place, world = office.place, office.place.world
    for kind, program in ((Concealing.PROTECTED_IDENTITY, None), (Concealing.WITHDRAWN_CONSENT, place.program)):
        pair = place.active()
        rows = [planned(pair, days, side) for days in (-3, -8, -15) for side in (*Side, None)]
        world.add(
            Concealment(
                participant_id=pair.mentee.id, partner_id=pair.mentee.row.partner_id, kind=kind, program_id=program
            )
        )
        office.remind()
        assert [office.rungs(row) for row in rows] == [[]] * len(rows)
    assert office.post.sent == {}


def test_who_becomes_protected_before_the_letter_goes_is_not_in_it(office: Office, pair: Pair) -> None:
    row = planned(pair, 0)
    office.post.faults = [OSError("no server")]
    office.remind()
    assert office.rungs(row) == ["ahead"]
    place = pair.place
    place.world.add(
        Concealment(
            participant_id=pair.mentee.id, partner_id=pair.mentee.row.partner_id, kind=Concealing.PROTECTED_IDENTITY
        )
    )
    place.world.clock.advance(timedelta(minutes=6))
    office.remind()
    assert office.post.sent == {}
    assert [one.status for one in office.letters] == [LetterStatus.DROPPED]


def test_what_was_answered_before_the_letter_goes_is_not_asked_for(office: Office, pair: Pair) -> None:
    row = planned(pair, 0)
    office.post.faults = [OSError("no server")]
    office.remind()
    with Session(pair.place.world.engine) as session:
        session.info["is_unrecorded"] = True
        session.get_one(FollowUp, row.id).status = FollowUpStatus.DONE
        session.commit()
    pair.place.world.clock.advance(timedelta(minutes=6))
    office.remind()
    assert [one.status for one in office.letters] == [LetterStatus.DROPPED]


@pytest.mark.parametrize(
    ("status", "kind", "is_told"),
    [
        (MatchStatus.ACTIVE, FollowUpKind.CHECK_IN_MENTOR, True),
        (MatchStatus.CLOSING, FollowUpKind.CHECK_IN_MENTOR, True),
        (MatchStatus.ON_HOLD, FollowUpKind.CHECK_IN_MENTOR, False),
        (MatchStatus.CLOSED, FollowUpKind.CHECK_IN_MENTOR, False),
        (MatchStatus.VOID, FollowUpKind.EXIT, False),
        (MatchStatus.CLOSED, FollowUpKind.EXIT, True),
        (MatchStatus.CLOSED, FollowUpKind.AFTER_SIX_MONTHS, True),
    ],
)
def test_only_what_is_worth_making_is_asked_for(
    office: Office,
    status: MatchStatus,
    kind: FollowUpKind,
    is_told: bool,  # noqa: FBT001  a case
) -> None:
    row = planned(office.place.active(status=status), 0, kind=kind)
    office.remind()
    assert bool(office.rungs(row)) is is_told


def test_a_moved_follow_up_has_a_ladder_of_its_own(office: Office, pair: Pair) -> None:
    row = planned(pair, 1)
    office.remind()
    later = (pair.place.today + timedelta(days=10)).isoformat()
    pair.place.staff().made(f"/follow-ups/{row.id}/rescheduling", {"dueOn": later}, status=200)
    office.remind()
    assert office.rungs(row) == ["ahead"]
    pair.place.world.clock.advance(timedelta(days=9))
    office.remind()
    assert office.rungs(row) == ["ahead", "ahead"]


def test_what_fails_is_tried_again_and_what_never_goes_is_given_up(office: Office, pair: Pair) -> None:
    planned(pair, 0)
    office.post.faults = [OSError("no server"), OSError("no server")]
    for minutes in (0, 6, 11):
        pair.place.world.clock.advance(timedelta(minutes=minutes))
        office.remind()
    (letter,) = office.letters
    assert (letter.status, letter.attempts) == (LetterStatus.SENT, 3)
    assert letter.sent_at == pair.place.world.clock()
    (sent,) = office.post.sent[office.address(pair.mentor)]
    assert sent["Message-ID"] == f"<{letter.id}@mentorskap.example>"

    planned(pair, -1)
    office.post.faults = [Undeliverable()]
    office.remind()
    assert office.letters[-1].status is LetterStatus.FAILED

    planned(pair, -2)
    office.post.faults = [OSError("no server")]
    office.remind()
    with Session(pair.place.world.engine) as session:
        tired = session.get_one(Letter, office.letters[-1].id)
        tired.attempts, tired.next_at = MOST_ATTEMPTS, pair.place.world.clock()
        session.commit()
    office.remind()
    assert office.letters[-1].status is LetterStatus.FAILED


def test_a_fault_in_one_program_does_not_keep_the_others_waiting(
    office: Office, pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = Office(Place(pair.place.world), office.post)
    rows = [planned(pair, 0), planned(other.place.active(), 0)]

    def stumble(scope: Any) -> Any:
        if scope.row.id == pair.place.program:
            raise ZeroDivisionError
        return remind_in_program(scope)

    monkeypatch.setattr("app.features.follow_ups.jobs.remind_in_program", stumble)
    office.remind()
    assert [office.rungs(row) for row in rows] == [[], ["ahead"]]
    assert "reminders not written" in [record.message for record in caplog.records]


def test_many_workers_at_once_remind_once(office: Office, pair: Pair) -> None:
    rows = [planned(pair, -3, side) for side in Side for _ in range(5)]
    with ThreadPoolExecutor(6) as workers:
        for done in [workers.submit(office.remind) for _ in range(12)]:
            done.result()
    office.remind()
    assert [office.rungs(row) for row in rows] == [["late"]] * 10
    assert [len(office.post.to(office.address(one))) for one in (pair.mentor, pair.mentee)] == [1, 1]
    assert [letter.attempts for letter in office.letters] == [1, 1]


def test_a_real_worker_puts_the_letter_into_the_mailbox(
    office: Office, pair: Pair, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, world = planned(pair, 0), pair.place.world
    monkeypatch.setattr(kit, "_SCHEDULED", {jobs.JOB: ("* * * * * *", jobs.remind)})
    settings = Settings(database_url=world.url, signing_keys_file="unused", worker_id="prov-1", data_folder=tmp_path)
    worker = create_worker(replace(world.runtime, mailer=settings.mailer), settings, world.url)
    worker.start()
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while not list(tmp_path.glob("mailbox/*.eml")) and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        worker.stop()
    assert office.rungs(row) == ["ahead"]
    (letter,) = office.letters
    assert [path.name for path in tmp_path.glob("mailbox/*")] == [f"{letter.id}.eml"]
