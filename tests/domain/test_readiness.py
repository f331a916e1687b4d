"""Does the seven-factor check name everything that is missing, and ask no more than the kind of program needs?"""

from dataclasses import replace

import pytest

from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import ProgramKind, Sector, Side
from app.domain.readiness import DUTIES_NEEDED, ReadinessFacts, ReadinessItem, check_readiness, require_ready, to_do
from app.domain.roles import Responsibility

COMPLETE = ReadinessFacts(
    has_purpose=True,
    target_count=1,
    accountable=frozenset(Responsibility),
    has_policy=True,
    mentor_training_minutes=120,
    mentee_training_minutes=60,
    sectors=frozenset({Sector.MUNICIPALITY, Sector.BUSINESS}),
    information_packs=frozenset(Side),
    follow_up_profile="sv-adult-labour",
)


def items(facts: ReadinessFacts, kind: ProgramKind = ProgramKind.MENTORING) -> dict[str, ReadinessItem]:
    return {item.code: item for item in check_readiness(kind, facts)}


@pytest.mark.parametrize("kind", ProgramKind)
def test_a_complete_program_of_any_kind_is_ready(kind: ProgramKind) -> None:
    found = check_readiness(kind, COMPLETE)
    assert [(item.factor, item.code) for item in found] == [
        (1, "purpose"),
        (2, "responsibilities"),
        (3, "matching"),
        (4, "training"),
        (5, "cooperation"),
        (6, "information"),
        (7, "followUp"),
    ]
    assert all(item.is_met and not item.missing and item.waits_for is None and item.sv and item.en for item in found)
    require_ready(found)


def test_an_empty_mentoring_program_lacks_all_seven() -> None:
    found = items(ReadinessFacts())
    assert {code: item.missing for code, item in found.items()} == {
        "purpose": ("purpose", "target"),
        "responsibilities": tuple(sorted(DUTIES_NEEDED[ProgramKind.MENTORING])),
        "matching": ("matchingPolicy",),
        "training": ("mentorTraining", "menteeTraining"),
        "cooperation": ("secondSectorOrReason",),
        "information": ("mentorInformation", "menteeInformation"),
        "followUp": ("followUpProfile",),
    }
    assert not any(item.is_met for item in found.values())
    assert {code: item.waits_for for code, item in found.items()} == {
        "purpose": Responsibility.DEFINE_PURPOSE,
        "responsibilities": None,
        "matching": Responsibility.PROPOSE_MATCHES,
        "training": Responsibility.TRAIN_MENTORS,
        "cooperation": Responsibility.DEFINE_PURPOSE,
        "information": Responsibility.INFORM,
        "followUp": Responsibility.FOLLOW_UP_MATCHES,
    }


@pytest.mark.parametrize(
    ("facts", "code", "missing"),
    [
        (replace(COMPLETE, has_purpose=False), "purpose", ["purpose"]),
        (replace(COMPLETE, target_count=0), "purpose", ["target"]),
        (
            replace(COMPLETE, accountable=COMPLETE.accountable - {Responsibility.INFORM}),
            "responsibilities",
            ["inform"],
        ),
        (replace(COMPLETE, has_policy=False), "matching", ["matchingPolicy"]),
        (replace(COMPLETE, mentee_training_minutes=None), "training", ["menteeTraining"]),
        (replace(COMPLETE, mentor_training_minutes=0), "training", ["mentorTraining"]),
        (replace(COMPLETE, sectors=frozenset({Sector.REGION})), "cooperation", ["secondSectorOrReason"]),
        (
            replace(COMPLETE, sectors=frozenset(), single_sector_reason="  "),
            "cooperation",
            ["secondSectorOrReason"],
        ),
        (replace(COMPLETE, information_packs=frozenset({Side.MENTEE})), "information", ["mentorInformation"]),
        (replace(COMPLETE, follow_up_profile=None), "followUp", ["followUpProfile"]),
    ],
)
def test_a_single_gap_is_named_and_stops_the_opening(facts: ReadinessFacts, code: str, missing: list[str]) -> None:
    found = check_readiness(ProgramKind.MENTORING, facts)
    assert [item.code for item in found if not item.is_met] == [code]
    with pytest.raises(RuleViolation) as caught:
        require_ready(found)
    assert (caught.value.code, caught.value.facts) == ("cohort.not_ready", {"missing": {code: missing}})
    assert caught.value.code in catalogue()


def test_a_recorded_reason_stands_for_the_second_sector() -> None:
    facts = replace(COMPLETE, sectors=frozenset({Sector.CIVIL_SOCIETY}), single_sector_reason="Pilot in one club.")
    assert items(facts)["cooperation"].is_met


def test_zero_training_is_accepted_only_when_the_profile_says_so() -> None:
    zero = replace(COMPLETE, mentor_training_minutes=0, mentee_training_minutes=0)
    assert items(zero)["training"].missing == ("mentorTraining", "menteeTraining")
    half = replace(zero, zero_training_by_profile=frozenset({Side.MENTOR}))
    assert items(half)["training"].missing == ("menteeTraining",)
    assert items(half)["training"].waits_for is Responsibility.TRAIN_MENTEES
    assert items(replace(zero, zero_training_by_profile=frozenset(Side)))["training"].is_met


def test_a_kind_is_not_asked_for_what_it_has_no_duty_for() -> None:
    bare = replace(
        COMPLETE,
        has_policy=False,
        mentor_training_minutes=None,
        mentee_training_minutes=None,
        information_packs=frozenset({Side.MENTEE}),
    )
    coaching = items(bare, ProgramKind.COACHING_PROJECT)
    assert [item.missing for item in coaching.values() if not item.is_met] == [("menteeTraining",)]
    meeting = items(bare, ProgramKind.INTRODUCTION_MEETING)
    assert [item.missing for item in meeting.values() if not item.is_met] == [
        ("matchingPolicy",),
        ("mentorInformation",),
    ]


def test_information_may_be_waived_by_the_profile() -> None:
    facts = replace(COMPLETE, information_packs=frozenset(), is_information_required=False)
    assert items(facts)["information"].is_met


def test_duties_needed_by_kind() -> None:
    assert DUTIES_NEEDED.keys() == set(ProgramKind)
    optional = {Responsibility.FUND, Responsibility.PUBLISH_OPENING, Responsibility.REPORT_TO_COMMITTEE}
    for kind, duties in DUTIES_NEEDED.items():
        is_hosted = kind in {ProgramKind.INTERNSHIP, ProgramKind.TRAINEE}
        assert not duties & optional
        assert (Responsibility.PROVIDE_HOST_PLACE in duties) == is_hosted
        # In the traineeship the mentors are recruited by the linked mentoring programs, not here.
        has_mentors = kind in {ProgramKind.MENTORING, ProgramKind.INTRODUCTION_MEETING}
        assert (Responsibility.RECRUIT_MENTORS in duties) == has_mentors
        assert (Responsibility.PROPOSE_MATCHES in duties) == (kind is not ProgramKind.COACHING_PROJECT)
        assert duties >= {Responsibility.DEFINE_PURPOSE, Responsibility.RECORD_OUTCOMES}
    assert len(DUTIES_NEEDED[ProgramKind.MENTORING]) == 15


def test_what_is_missing_reads_like_a_list_of_tasks() -> None:
    facts = replace(
        COMPLETE,
        target_count=0,
        mentor_training_minutes=None,
        mentee_training_minutes=None,
        accountable=frozenset(Responsibility) - {Responsibility.INFORM},
    )
    assert [
        (one.factor, one.missing, one.waits_for) for one in to_do(check_readiness(ProgramKind.MENTORING, facts))
    ] == [
        (1, "target", Responsibility.DEFINE_PURPOSE),
        (2, "inform", Responsibility.DEFINE_PURPOSE),
        (4, "mentorTraining", Responsibility.TRAIN_MENTORS),
        (4, "menteeTraining", Responsibility.TRAIN_MENTEES),
    ]
    assert to_do(check_readiness(ProgramKind.MENTORING, COMPLETE)) == ()


def test_every_task_is_said_in_both_languages() -> None:
    everything = {one.missing: one for kind in ProgramKind for one in to_do(check_readiness(kind, ReadinessFacts()))}
    assert everything["recruitMentees"].sv == "Kom överens om en part som ansvarar för: att rekrytera adepter."
    assert all(
        one.sv.endswith(".") and one.en.endswith(".") and "{" not in one.sv + one.en for one in everything.values()
    )
