"""Which Swedish words does a report to the committee use for codes?"""

from datetime import date

from app.domain.figures import Section
from app.domain.glossary import Category
from app.domain.reports import ScopeKind

SCOPES = {ScopeKind.TOTAL: "Totalt", ScopeKind.CATEGORY: "Kategori", ScopeKind.PROGRAM: "Program"}
CATEGORIES = {
    Category.PROFESSIONAL_PEERS.value: "Professionskollegor",
    Category.WOMEN_WITH_IMMIGRANT_BACKGROUND.value: "Kvinnor med invandrarbakgrund",
    Category.YOUTH.value: "Ungdomar",
    Category.OTHER.value: "Övriga",
}
SECTIONS = {
    Section.RESULTS: "Resultat",
    Section.BEFORE_AND_AFTER: "Före och efter",
    Section.WAITING: "Väntan",
    Section.MATCHES: "Matchningarna",
    Section.CHILDREN: "Konsekvenser för barn",
}
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def day(on: date) -> str:
    """30 april 2014."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def whole(number: int) -> str:
    """12 345, with a space that does not break."""
    return f"{number:,}".replace(",", "\u00a0")


def percent(share: float, decimals: int = 1) -> str:
    """52,9 %."""
    return f"{share * 100:.{decimals}f}".replace(".", ",") + "\u00a0%"
