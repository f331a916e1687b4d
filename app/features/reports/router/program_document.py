"""What does one program's document say beside the figures: its targets, success factors, and what each partner gave?"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.roles import Level
from app.domain.swedish import NOTHING, WITHHELD, day, percent, whole
from app.features.reports.schemas import (
    Amount,
    Evidence,
    FactorScore,
    PartnerContribution,
    PartnerContributions,
    Scorecard,
    Standing,
    TargetResult,
    TargetResults,
)
from app.kit.booklets import Chapter, Table
from app.kit.charts import Bar, Look, bars
from app.kit.spreadsheets import Sheet, Value

STANDINGS = {
    Standing.REACHED: "uppnått",
    Standing.UNDER_WAY: "på väg",
    Standing.MISSED: "inte uppnått i tid",
    Standing.UNTOLD: WITHHELD,
}
TARGETS = ("Mål", "Mål (antal)", "Resultat", "Andel", "Till och med", "Läge")
FACTORS = ("Framgångsfaktor", "Underlag", "Bestämt", "Visat")
PARTNERS = ("Part", "Ansvar", "Mentorer", "Träffar", "Timmar", "Adepter", "Värdplatser", "Placerade")
EVIDENCE = (
    "Faktor",
    "Framgångsfaktor",
    "Bestämt",
    "Visat",
    "Underlag",
    "Andel (%)",
    "Av",
    "Krav (%)",
    "Uppfyllt",
    "Regel",
)


@dataclass(frozen=True)
class AboutProgram:
    """Purpose against result, the seven factors, and the partners, for one caller."""

    targets: TargetResults
    scorecard: Scorecard
    partners: PartnerContributions

    def chapters(self, look: Look) -> list[Chapter]:
        """With a drawing of the targets for the typeface that is at hand."""
        return [self._targets(look), self._factors(), self._partners()]

    def sheets(self) -> list[Sheet]:
        """The same as rows of a workbook; what the caller may not see is an empty cell."""
        items = self.targets.items
        targets: list[list[Value]] = [
            [one.rule_text.sv, one.number, one.result, one.share, one.until, STANDINGS[one.standing]] for one in items
        ]
        partners: list[list[Value]] = [
            [one.name, _duties(one), *(amount.value for amount in _given(one)), one.host_places, one.hosted.value]
            for one in self.partners.items
        ]
        return [
            Sheet("Mål", TARGETS, targets),
            Sheet("Framgångsfaktorer", EVIDENCE, [_evidence_row(factor, one) for factor, one in self._evidence()]),
            Sheet("Parter", PARTNERS, partners),
        ]

    def _targets(self, look: Look) -> Chapter:
        items = self.targets.items
        if not items:
            return Chapter("Mål och resultat", ["Programmets syfte har inga mål i antal."])
        told = [(one, one.result) for one in items if one.result is not None]
        drawn = [Bar(one.rule_text.sv, min(result, one.number), one.number, _of(one)) for one, result in told]
        alt = "; ".join(f"{one.name} {one.said}" for one in drawn) + "."
        rows = [
            [
                one.rule_text.sv,
                whole(one.number),
                WITHHELD if one.result is None else whole(one.result),
                WITHHELD if one.share is None else percent(one.share, 0),
                day(one.until),
                STANDINGS[one.standing],
            ]
            for one in items
        ]
        return Chapter(
            "Mål och resultat",
            ["Vad syftet ska leda till, och vad det har lett till sedan programmet började."],
            [bars("Mål och resultat", alt, drawn, look)] if drawn else [],
            [Table("Mål och resultat", TARGETS, rows)],
        )

    def _factors(self) -> Chapter:
        rows = [
            [f"{one.factor}. {one.text.sv}", _said_of(one.evidence), _yes(one.is_set), _shown(one)]
            for one in self.scorecard.factors
        ]
        shown = sum(one.is_shown for one in self.scorecard.factors)
        text = (
            f"{shown} av {len(rows)} faktorer är både bestämda i programmet och visade av periodens poster."
            " Underlaget är en andel med det som krävs inom parentes."
        )
        table = Table("De sju framgångsfaktorerna", FACTORS, rows, is_prose=True, widths=(1.4, 3.4, 0.6, 0.7))
        return Chapter("De sju framgångsfaktorerna", [text], tables=[table])

    def _partners(self) -> Chapter:
        rows = [
            [one.name, whole(_duties(one)), *map(_said, _given(one)), whole(one.host_places), _said(one.hosted)]
            for one in self.partners.items
        ]
        text = "Ansvar är de ansvar som parten ytterst svarar för i dag; resten är vad den har bidragit med i perioden."
        return Chapter("Parternas bidrag", [text], tables=[Table("Parternas bidrag", PARTNERS, rows)])

    def _evidence(self) -> list[tuple[FactorScore, Evidence]]:
        return [(factor, one) for factor in self.scorecard.factors for one in factor.evidence]


def _of(target: TargetResult) -> str:
    return f"{whole(target.result or 0)} av {whole(target.number)}"


def _said_of(evidence: Sequence[Evidence]) -> str:
    return (
        " ".join(f"{one.text.sv.removesuffix('.')}: {_weighed(one)}." for one in evidence)
        or "Bedöms av programmets uppgifter."
    )


def _weighed(one: Evidence) -> str:
    if one.is_protected:
        return WITHHELD
    if one.share is None:
        return NOTHING
    return f"{percent(one.share, 0)} (krav {percent(one.enough, 0)})"


def _shown(factor: FactorScore) -> str:
    if factor.is_shown:
        return "ja"
    return "underlag saknas" if any(one.is_missing for one in factor.evidence) else "nej"


def _yes(fact: bool) -> str:  # noqa: FBT001  a fact
    return "ja" if fact else "nej"


def _evidence_row(factor: FactorScore, one: Evidence) -> list[Value]:
    judged: list[Value] = [one.text.sv, one.share, one.base, one.enough, one.is_met, one.rule_id]
    return [factor.factor, factor.text.sv, factor.is_set, factor.is_shown, *judged]


def _duties(partner: PartnerContribution) -> int:
    return sum(one.level is Level.ACCOUNTABLE for one in partner.duties)


def _given(partner: PartnerContribution) -> tuple[Amount, ...]:
    return partner.mentors, partner.meetings, partner.hours, partner.mentees


def _said(amount: Amount) -> str:
    return WITHHELD if amount.value is None else whole(amount.value)
