"""Do the shipped profiles hold sourced numbers, and are overrides checked?"""

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain import benchmarks
from app.domain.benchmarks import BenchmarkOverride, profile, profiles, setting_texts, source_text
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Side

IDS = ["sv-adult-labour", "youth-16-29", "intro-meeting", "internship-4m", "eepm5-default"]


def test_the_five_profiles_are_there_and_every_number_has_a_source() -> None:
    assert [p.id for p in profiles()] == IDS
    for found in profiles():
        assert found.settings.keys() == found.sources.keys() == setting_texts().keys()
        assert all(source_text(source) for source in found.sources.values())
        assert found.en
        assert found.sv


@pytest.mark.parametrize("profile_id", IDS)
def test_shipped_settings_pass_their_own_validation(profile_id: str) -> None:
    assert BenchmarkOverride.parse(profile(profile_id).settings).settings == profile(profile_id).settings


# Number, setting, profile: the practice benchmarks as they were found, written a second time.
@pytest.mark.parametrize(
    ("profile_id", "setting", "number", "source"),
    [
        ("sv-adult-labour", "minimumWeeks", 17, "MLC"),
        ("sv-adult-labour", "mentorTrainingMinutes", 120, "E4-B.3.1"),
        ("youth-16-29", "minimumWeeks", 26, "MS"),
        ("youth-16-29", "meetingsPerMonth", 2, "MS"),
        ("youth-16-29", "checkInsFirstMonth", 2, "E4-B.5.1"),
        ("youth-16-29", "checkInEveryMonths", 1, "E4-B.5.1"),
        ("intro-meeting", "meetingMinutes", 60, "YD"),
        ("internship-4m", "minimumWeeks", 17, "TS"),
        ("eepm5-default", "minimumWeeks", 52, "E4-B.2.11"),
        ("eepm5-default", "menteeTrainingMinutes", 60, "E5-7"),
        ("eepm5-default", "inDepthMonthlyMonths", 3, "E5-11b"),
    ],
)
def test_benchmark_numbers(profile_id: str, setting: str, number: int, source: str) -> None:
    assert (profile(profile_id).number(setting), profile(profile_id).sources[setting]) == (number, source)


def test_readers_of_a_profile() -> None:
    found = profile("sv-adult-labour")
    assert (found.training_minutes(Side.MENTOR), found.training_minutes(Side.MENTEE)) == (120, 60)
    assert (found.ongoing_training_minutes(Side.MENTOR), found.ongoing_training_minutes(Side.MENTEE)) == (60, 0)
    assert found.after_exit_months == (1, 6, 12)
    assert found.is_information_required is True
    assert found.is_expectations_required is True
    assert profile("intro-meeting").is_expectations_required is False


def test_an_override_changes_what_it_names_and_nothing_else() -> None:
    shipped = profile("youth-16-29")
    own = shipped.with_override(
        BenchmarkOverride.parse({"minimumWeeks": 30, "afterExitMonths": [6], "isInformationRequired": False})
    )
    assert (own.number("minimumWeeks"), own.sources["minimumWeeks"]) == (30, "PROGRAM")
    assert own.after_exit_months == (6,)
    assert own.is_information_required is False
    assert own.number("meetingsPerMonth") == 2
    assert own.sources["meetingsPerMonth"] == "MS"
    assert shipped.number("minimumWeeks") == 26


def test_an_unknown_setting_is_refused_without_repeating_it() -> None:
    with pytest.raises(RuleViolation) as caught:
        BenchmarkOverride.parse({"minimumweeks": 3})
    assert caught.value.code == "benchmark.unknown_setting"
    assert "minimumWeeks" in caught.value.facts["known"]
    assert "minimumweeks" not in str(caught.value.facts)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("minimumWeeks", -1),
        ("minimumWeeks", 261),
        ("minimumWeeks", True),
        ("minimumWeeks", 4.0),
        ("minimumWeeks", "4"),
        ("minimumWeeks", None),
        ("isInformationRequired", 1),
        ("afterExitMonths", [3]),
        ("afterExitMonths", [6, 1]),
        ("afterExitMonths", [1, 1]),
        ("afterExitMonths", [True, 6]),
        ("afterExitMonths", 6),
    ],
)
def test_a_value_out_of_bounds_is_refused(setting: str, value: Any) -> None:
    with pytest.raises(RuleViolation) as caught:
        BenchmarkOverride.parse({setting: value})
    assert (caught.value.code, caught.value.pointer) == ("benchmark.setting_invalid", f"/{setting}")
    assert caught.value.facts == {"setting": setting}


def test_bounds_are_allowed_values() -> None:
    assert BenchmarkOverride.parse({"minimumWeeks": 0, "graceDays": 120, "afterExitMonths": []}).settings


def test_unknown_profiles_and_versions_are_refused() -> None:
    for profile_id, version in (("sv-adult", None), ("sv-adult-labour", 99)):
        with pytest.raises(RuleViolation) as caught:
            profile(profile_id, version)
        assert caught.value.code == "benchmark.unknown_profile"
        assert caught.value.code in catalogue()


@pytest.fixture
def two_versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    document = benchmarks._document()
    newer = {**document["profiles"][0], "version": 2, "en": "Newer"}
    monkeypatch.setattr(benchmarks, "_document", lambda: {**document, "profiles": [newer, *document["profiles"]]})
    profiles.cache_clear()
    yield
    profiles.cache_clear()


def test_the_newest_version_is_taken_unless_one_is_named(two_versions: None) -> None:
    assert profile("sv-adult-labour").version == 2
    assert profile("sv-adult-labour", 1).version == 1
