"""Who may say yes for whom, to what, and on which legal ground does a partner let somebody take part?"""

from app.domain.errors import RuleViolation
from app.domain.glossary import ConsentGiver, ConsentPurpose, LegalGround, Sector

PUBLIC_BODIES = frozenset({Sector.MUNICIPALITY, Sector.REGION, Sector.PUBLIC_AGENCY, Sector.COORDINATION_ASSOCIATION})
"""Only these carry out tasks of public interest by law (dataskyddsförordningen art. 6.1 e)."""


def default_ground(sector: Sector) -> LegalGround:
    """The ground on which a partner of this sector handles people unless it says otherwise."""
    return LegalGround.PUBLIC_INTEREST if sector in PUBLIC_BODIES else LegalGround.CONTRACT


def ground_of(claimed: LegalGround | None, sector: Sector) -> LegalGround:
    """The ground a holder of this sector rests on. Raises `enrolment.ground_invalid` for one that it cannot claim."""
    ground = claimed or default_ground(sector)
    if ground is LegalGround.PUBLIC_INTEREST and sector not in PUBLIC_BODIES:
        raise RuleViolation("enrolment.ground_invalid", pointer="/ground", sector=sector.value)
    return ground


def check_recipient(purpose: ConsentPurpose, *, has_program: bool, has_partner: bool) -> None:
    """A referral goes to one partner, everything else to the partners of a program.

    Raises `consent.recipient_invalid`, pointing to the field that is missing or too many.
    """
    is_referral = purpose is ConsentPurpose.REFERRAL
    if has_partner is not is_referral:
        raise RuleViolation("consent.recipient_invalid", pointer="/recipientPartnerId", purpose=purpose.value)
    if has_program is is_referral:
        raise RuleViolation("consent.recipient_invalid", pointer="/programId", purpose=purpose.value)


def giver_of(claimed: ConsentGiver | None, *, is_own_login: bool, is_minor: bool, names_guardian: bool) -> ConsentGiver:
    """Who gives the consent: the person by their own login, staff that heard it, or a guardian, noted by staff.

    Raises `consent.guardian_needed` (for a minor only a guardian says yes), `consent.giver_invalid`.
    """
    giver = claimed or (ConsentGiver.SELF if is_own_login else ConsentGiver.STAFF)
    if is_minor and (is_own_login or giver is not ConsentGiver.GUARDIAN):
        raise RuleViolation("consent.guardian_needed", pointer="/giver")
    if is_own_login is not (giver is ConsentGiver.SELF) or is_minor is not (giver is ConsentGiver.GUARDIAN):
        raise RuleViolation("consent.giver_invalid", pointer="/giver")
    if is_minor and not names_guardian:
        raise RuleViolation("consent.guardian_needed", pointer="/guardianId")
    if names_guardian and not is_minor:
        raise RuleViolation("consent.giver_invalid", pointer="/guardianId")
    return giver
