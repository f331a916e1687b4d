"""Do grounds follow the sector, recipients the purpose, and is a minor's yes only ever a guardian's?"""

from datetime import date
from itertools import product

import pytest

from app.domain.consents import check_recipient, default_ground, giver_of, ground_of
from app.domain.errors import RuleViolation, catalogue
from app.domain.glossary import ConsentGiver, ConsentPurpose, LegalGround, Sector
from app.domain.people import is_minor

PUBLIC = {Sector.MUNICIPALITY, Sector.REGION, Sector.PUBLIC_AGENCY, Sector.COORDINATION_ASSOCIATION}


@pytest.mark.parametrize("sector", Sector)
def test_only_public_bodies_rest_on_public_interest(sector: Sector) -> None:
    usual = LegalGround.PUBLIC_INTEREST if sector in PUBLIC else LegalGround.CONTRACT
    assert default_ground(sector) is ground_of(None, sector) is usual
    assert ground_of(LegalGround.CONSENT, sector) is LegalGround.CONSENT
    assert ground_of(LegalGround.CONTRACT, sector) is LegalGround.CONTRACT
    if sector in PUBLIC:
        assert ground_of(LegalGround.PUBLIC_INTEREST, sector) is LegalGround.PUBLIC_INTEREST
        return
    with pytest.raises(RuleViolation) as refused:
        ground_of(LegalGround.PUBLIC_INTEREST, sector)
    assert (refused.value.code, refused.value.pointer) == ("enrolment.ground_invalid", "/ground")
    assert refused.value.code in catalogue()


def test_one_comes_of_age_on_the_birthday() -> None:
    born_on = date(2008, 2, 29)
    assert is_minor(born_on, date(2026, 2, 27))
    assert not is_minor(born_on, date(2026, 2, 28))


@pytest.mark.parametrize(
    ("purpose", "has_program", "has_partner"), list(product(ConsentPurpose, (True, False), (True, False)))
)
def test_the_recipient_follows_the_purpose(purpose: ConsentPurpose, has_program: bool, has_partner: bool) -> None:  # noqa: FBT001  a case
    is_referral = purpose is ConsentPurpose.REFERRAL
    if has_partner is is_referral and has_program is not is_referral:
        check_recipient(purpose, has_program=has_program, has_partner=has_partner)
        return
    with pytest.raises(RuleViolation) as refused:
        check_recipient(purpose, has_program=has_program, has_partner=has_partner)
    assert refused.value.code == "consent.recipient_invalid"
    assert refused.value.pointer == ("/programId" if has_partner is is_referral else "/recipientPartnerId")
    assert refused.value.code in catalogue()


SELF, STAFF, GUARDIAN = ConsentGiver.SELF, ConsentGiver.STAFF, ConsentGiver.GUARDIAN
ALLOWED = {
    # claimed, own login, minor, names a guardian → who gives it
    (None, True, False, False): SELF,
    (SELF, True, False, False): SELF,
    (None, False, False, False): STAFF,
    (STAFF, False, False, False): STAFF,
    (GUARDIAN, False, True, True): GUARDIAN,
}


@pytest.mark.parametrize("case", list(product((None, *ConsentGiver), *[(True, False)] * 3)))
def test_who_may_give(case: tuple[ConsentGiver | None, bool, bool, bool]) -> None:
    claimed, is_own_login, minor, names_guardian = case
    if case in ALLOWED:
        assert (
            giver_of(claimed, is_own_login=is_own_login, is_minor=minor, names_guardian=names_guardian) is ALLOWED[case]
        )
        return
    with pytest.raises(RuleViolation) as refused:
        giver_of(claimed, is_own_login=is_own_login, is_minor=minor, names_guardian=names_guardian)
    assert refused.value.code == ("consent.guardian_needed" if minor else "consent.giver_invalid")
    assert refused.value.pointer in {"/giver", "/guardianId"}
    assert refused.value.code in catalogue()
