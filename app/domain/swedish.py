"""Which Swedish words and forms do pages and documents for people use?"""

from datetime import date

from app.domain.glossary import Category, ProgramKind
from app.domain.matching.what_if_explanation import name_language

CATEGORIES = {
    Category.PROFESSIONAL_PEERS.value: "Professionskollegor",
    Category.WOMEN_WITH_IMMIGRANT_BACKGROUND.value: "Kvinnor med invandrarbakgrund",
    Category.YOUTH.value: "Ungdomar",
    Category.OTHER.value: "Övriga",
}
KINDS = {
    ProgramKind.MENTORING.value: "Mentorskap",
    ProgramKind.INTERNSHIP.value: "Praktik",
    ProgramKind.TRAINEE.value: "Trainee",
    ProgramKind.COACHING_PROJECT.value: "Projekt med coachning",
    ProgramKind.INTRODUCTION_MEETING.value: "Introduktionsmöte",
}
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip
WITHHELD = "visas inte"
NOTHING = "inga uppgifter"


def day(on: date) -> str:
    """30 april 2014."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def whole(number: int) -> str:
    """12 345, with a space that does not break."""
    return f"{number:,}".replace(",", "\u00a0")


def percent(share: float, decimals: int = 1) -> str:
    """52,9 %."""
    return f"{share * 100:.{decimals}f}".replace(".", ",") + "\u00a0%"


def part_said(
    category: str | None, kind: str | None, language: str | None, district: str | None, municipality_code: str | None
) -> str:
    """A part of the gap view in words; nothing for all of it."""
    told = [
        CATEGORIES[category] if category else "",
        KINDS[kind].lower() if kind else "",
        name_language(language, "sv") if language else "",
        district or "",
        f"kommun {municipality_code}" if municipality_code else "",
    ]
    return ", ".join(one for one in told if one)
