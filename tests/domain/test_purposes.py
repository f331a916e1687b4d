"""Is a purpose one of few words, and what follows it never a text about somebody?"""

import pytest

from app.domain.purposes import Purpose, Stated, read_purpose


@pytest.mark.parametrize(
    ("told", "stated"),
    [
        (None, Stated()),
        ("caseWork", Stated(Purpose.CASE_WORK)),
        (" incident ; AMN 2026/123 ", Stated(Purpose.INCIDENT, "AMN 2026/123")),
        ("logReview;KS-2026-7", Stated(Purpose.LOG_REVIEW, "KS-2026-7")),
    ],
)
def test_what_is_said_is_read(told: str | None, stated: Stated) -> None:
    assert read_purpose(told) == stated


@pytest.mark.parametrize(
    "told",
    ["", "curiosity", "caseWork; ", "caseWork; Anna Andersson", "caseWork; 19800517-1234", "caseWork; Anna 800517-1234",
     "caseWork; AMN 2026/123; more", "caseWork; a@example.org", "caseWork; AMN 198005171234", "caseWork; A 1980-0517-1234", "caseWork; A 8005-171234", "caseWork; Andersson 1", "CASEWORK"],
)  # fmt: skip
def test_anything_else_is_refused_without_being_repeated(told: str) -> None:
    with pytest.raises(ValueError, match=r"^not a (purpose|case number)$"):
        read_purpose(told)
