"""When have two people agreed, and what does the page say?"""

from datetime import date
from uuid import UUID

import pytest

from app.domain import match_agreements as rules
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import Side
from app.domain.match_agreements import MatchAgreement, Party, Signer

MENTOR, MENTEE = Side.MENTOR, Side.MENTEE


@pytest.mark.parametrize(
    ("mentor", "mentee", "left"),
    [
        (None, None, [MENTOR, MENTEE]),
        (1, None, [MENTEE]),
        (None, 2, [MENTOR]),
        (1, 2, [MENTOR]),
        (3, 2, [MENTEE]),
        (2, 2, []),
    ],
)
def test_both_sign_the_same_version(mentor: int | None, mentee: int | None, left: list[Side]) -> None:
    assert rules.unsigned({MENTOR: mentor, MENTEE: mentee}) == left


def test_the_newest_is_signed_or_the_one_that_the_other_has_signed() -> None:
    rules.check_signable(3, 3, None)
    rules.check_signable(2, 3, 2)
    for number, others in ((2, None), (2, 1), (1, 2)):
        with pytest.raises(RuleViolation) as refused:
            rules.check_signable(number, 3, others)
        assert refused.value.code == "match.agreement_text_outdated"
        assert refused.value.code in catalogue()


def page(*parties: Party) -> MatchAgreement:
    return MatchAgreement(
        id=UUID(int=7),
        program="Påhittade mentorer",
        language="sv",
        number=2,
        title="Överenskommelse",
        preamble="Vi vill lära av varandra.",
        points=["Vi hörs varje vecka."],
        parties=parties,
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", ["Undertecknat med egen inloggning den 2 mars 2026", "Inte undertecknat", "Version 2", "Adept"]),
        ("en", ["Signed by own login on 2 March 2026", "Not signed", "Version 2", "Mentee"]),
    ],
)
def test_the_page_says_who_signed_how_and_when(language: str, said: list[str]) -> None:
    told = page(Party(MENTOR, "Maja Påhittad", date(2026, 3, 2), Signer.SELF), Party(MENTEE, None, None, None)).said_in(
        language
    )
    mentor, mentee = told["parties"]
    assert [mentor["signed"], mentee["signed"], told["version"], mentee["role"]] == said
    assert mentor["name"] == "Maja Påhittad"
    assert mentee["name"] == told["words"]["nameless"]
    assert told["text"]["language"] == "sv"


def test_what_staff_noted_is_told_apart() -> None:
    noted = page(Party(MENTEE, "Noa", date(2026, 12, 24), Signer.STAFF)).said_in("sv")["parties"][0]
    assert noted["signed"] == "Undertecknat den 24 december 2026, antecknat av personal"


def test_the_template_holds_no_text_of_its_own() -> None:
    assert "överenskommelse" not in rules.template().decode().lower()
