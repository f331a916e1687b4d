"""Is what is missing said in one sentence, in both languages?"""

import pytest

from app.domain.matching.explanation import Language
from app.domain.missing import Missing, MissingKind, gap_texts


@pytest.mark.parametrize(
    ("line", "mentors", "language", "said"),
    [
        (Missing(MissingKind.LANGUAGE, "ti"), 3, "en", "7 more could start with 3 more mentors who speak Tigrinya."),
        (Missing(MissingKind.LANGUAGE, "ti"), 1, "en", "7 more could start with one more mentor who speaks Tigrinya."),
        (
            Missing(MissingKind.LANGUAGE, "ti"),
            3,
            "sv",
            "7 till skulle kunna börja med 3 mentorer till som talar tigrinska.",
        ),
        (Missing(MissingKind.PLACES), 4, "sv", "7 till skulle kunna börja med 4 mentorer till."),
        (
            Missing(MissingKind.CONDITION, conditions=("place", "availability")),
            0,
            "sv",
            "7 till skulle kunna få en mentor om detta ändrades: platsen och gemensamma tider.",
        ),
        (Missing(MissingKind.ANOTHER_MENTOR), 2, "en", "7 wait for mentors unlike those there are."),
    ],
)
def test_a_line_is_a_sentence(line: Missing, mentors: int, language: Language, said: str) -> None:
    assert line.said(7, mentors, language) == said


def test_every_text_is_there_in_both_languages() -> None:
    texts = gap_texts()
    languages: set[Language] = {"sv", "en"}
    for group in (texts["population"], *texts["methods"].values(), *texts["missing"].values()):
        assert set(group) == languages
