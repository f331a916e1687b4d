"""Is every answer a whole sentence in both languages?"""

import json
from importlib.resources import files

import pytest

from app.domain.glossary import AgeGroup, Gender
from app.domain.matching.explanation import Language
from app.domain.matching.group_sizes import GROUP_SIZE
from app.domain.matching.unmatched_reasons import NOT_OURS_TO_CHANGE
from app.domain.matching.what_if import CAN_BE_SET_ASIDE, Answer, MoreMentors, MorePlaces, Question, Relax
from app.domain.matching.what_if_explanation import explain_answer, name_language
from tests.domain.matching.people import mentor_id
from tests.domain.matching.test_explanation import TEXTS

FULL = MoreMentors(
    1, places=2, languages=("so", "ar"), occupation="2512", is_business_owner=True, gender=Gender.FEMALE,
    age_group=AgeGroup.FROM_55,
)  # fmt: skip
GAINS = {"people": (7, 9, 1), "one": (1, 1, 1), "priority": (0, 2, -5), "score": (0, 0, 4), "nothing": (0, 0, 0)}


def said(question: Question, gain: str, language: Language) -> str:
    (sentence,) = explain_answer(Answer(question, *GAINS[gain], is_optimal=True), language)
    return sentence


def test_mentors_of_a_language() -> None:
    question = MoreMentors(3, languages=("ti",))
    assert said(question, "people", "sv") == "Tre mentorer till som talar tigrinska skulle låta sju till börja."
    assert said(question, "people", "en") == "Three more mentors who speak Tigrinya would let seven more people begin."
    assert said(MoreMentors(1), "one", "sv") == "En mentor till skulle låta en till börja."
    assert said(MoreMentors(1), "one", "en") == "One more mentor would let one more person begin."
    assert said(MoreMentors(40), "nothing", "sv") == "40 mentorer till skulle inte ändra något."


def test_everything_that_can_be_asked_of_a_mentor() -> None:
    assert said(FULL, "one", "sv") == (
        "En mentor till som talar somaliska och arabiska, har ett yrke inom SSYK 2512, är företagare, är kvinna, "
        "är 55 år eller äldre och har två platser skulle låta en till börja."
    )
    assert said(FULL, "one", "en") == (
        "One more mentor who speaks Somali and Arabic, has an occupation in SSYK 2512, owns a business, is a woman, "
        "is 55 or older and has two places would let one more person begin."
    )
    assert "som har två platser var skulle" in said(MoreMentors(2, places=2), "people", "sv")


def test_conditions_set_aside() -> None:
    assert said(Relax(("place",)), "people", "sv") == "Att bortse från villkoret ”platsen” skulle låta sju till börja."
    assert said(Relax(("place", "sharedLanguage")), "nothing", "en") == (
        "Setting aside the conditions “the place” and “a shared language” would change nothing."
    )


def test_places_with_a_mentor() -> None:
    assert said(MorePlaces(mentor_id(1), 1), "one", "sv") == (
        "En plats till hos den här mentorn skulle låta en till börja."
    )
    assert said(MorePlaces(mentor_id(1), 2), "priority", "sv") == (
        "Två platser till hos den här mentorn skulle inte låta fler börja, men platserna skulle gå till dem som har "
        "väntat längre."
    )
    assert "suit each other better" in said(MorePlaces(mentor_id(1), 2), "score", "en")


def test_what_is_not_proven_is_said() -> None:
    first, second = explain_answer(Answer(Relax(("place",)), 1, 1, 1, is_optimal=False), "sv")
    assert first.endswith("börja.")
    assert second == "Det är inte bevisat att detta är det bästa möjliga resultatet."


def test_languages_have_names_in_both_languages() -> None:
    names = json.loads(files("app.domain.data").joinpath("languages.json").read_text(encoding="utf-8"))
    assert names["sv"].keys() == names["en"].keys()
    assert all(len(code) in (2, 3) and name for by_code in names.values() for code, name in by_code.items())
    assert name_language("ti", "sv") == "tigrinska"
    assert name_language("xyz", "sv") == "språket xyz"


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_gender_and_age_group_has_words(language: Language) -> None:
    texts = TEXTS[language]["whatIf"]
    assert texts["gender"].keys() == set(Gender)
    assert texts["ageGroup"].keys() == set(AgeGroup)


def test_every_constraint_either_can_be_set_aside_or_is_not_ours() -> None:
    assert set(TEXTS["sv"]["constraints"]) == CAN_BE_SET_ASIDE | NOT_OURS_TO_CHANGE | {GROUP_SIZE}
    assert not CAN_BE_SET_ASIDE & NOT_OURS_TO_CHANGE
