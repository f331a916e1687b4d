"""Does a certificate say the same in Swedish and in English, with a text for everything?"""

from datetime import date
from uuid import UUID

import pytest

from app.domain.certificates import Certificate, template
from app.domain.glossary import TrainingTopic


def certificate(minutes: int = 150, completed_on: date = date(2026, 3, 2)) -> Certificate:
    return Certificate(
        id=UUID(int=7),
        name="Åsa Påhittsson",
        course="Att vara mentor",
        topics=list(TrainingTopic),
        minutes=minutes,
        completed_on=completed_on,
        program="Påhittat program",
        issuer="Påhittade föreningen",
    )


def test_both_languages_have_every_text() -> None:
    swedish, english = (certificate().said_in(language) for language in ("sv", "en"))
    assert swedish.keys() == english.keys()
    assert swedish["words"].keys() == english["words"].keys()
    for said in (swedish, english):
        assert len(set(said["topics"])) == len(TrainingTopic)
        assert all(said["words"].values())
    assert (swedish["title"], english["title"]) == ("Intyg", "Certificate")
    assert (swedish["region"], swedish["id"]) == ("SE", "00000000-0000-0000-0000-000000000007")


@pytest.mark.parametrize(
    ("minutes", "swedish", "english"),
    [
        (1, "1 minut", "1 minute"),
        (59, "59 minuter", "59 minutes"),
        (60, "1 timme", "1 hour"),
        (61, "1 timme 1 minut", "1 hour 1 minute"),
        (150, "2 timmar 30 minuter", "2 hours 30 minutes"),
        (100_000, "1666 timmar 40 minuter", "1666 hours 40 minutes"),
    ],
)
def test_extent_in_words(minutes: int, swedish: str, english: str) -> None:
    told = certificate(minutes)
    assert (told.said_in("sv")["extent"], told.said_in("en")["extent"]) == (swedish, english)


@pytest.mark.parametrize(("month", "swedish", "english"), [(1, "januari", "January"), (12, "december", "December")])
def test_day_in_words(month: int, swedish: str, english: str) -> None:
    told = certificate(completed_on=date(2026, month, 31))
    assert told.said_in("sv")["day"] == f"31 {swedish} 2026"
    assert told.said_in("en")["day"] == f"31 {english} 2026"


def test_an_unknown_language_is_no_language() -> None:
    with pytest.raises(KeyError):
        certificate().said_in("fi")


def test_the_page_holds_no_text_of_its_own() -> None:
    page = template().decode()
    assert "sys.inputs" in page
    assert not set("åäöÅÄÖ") & set(page)
