"""Which Swedish words does a report to the committee use for codes?"""

from app.domain.figures import Section
from app.domain.reports import ScopeKind

SCOPES = {ScopeKind.TOTAL: "Totalt", ScopeKind.CATEGORY: "Kategori", ScopeKind.PROGRAM: "Program"}
SECTIONS = {
    Section.RESULTS: "Resultat",
    Section.BEFORE_AND_AFTER: "Före och efter",
    Section.WAITING: "Väntan",
    Section.MATCHES: "Matchningarna",
    Section.CHILDREN: "Konsekvenser för barn",
}
