"""Is a person's personnummer refused also where it did not come in a request of its own?"""

import pytest

from app.domain.errors import RuleViolation
from app.features.participants.actions import refuse_personnummer
from app.features.participants.schemas import GuardianCreate

GUARDIAN = {"givenName": "Påhittad", "familyName": "Förälder", "phone": "+46 8 465 004 12"}


def test_every_field_that_was_given_is_looked_at() -> None:
    refuse_personnummer(GuardianCreate.model_validate(GUARDIAN))
    for name in ("givenName", "familyName", "phone"):
        with pytest.raises(RuleViolation) as refused:
            refuse_personnummer(GuardianCreate.model_validate({**GUARDIAN, name: "8112289874"}))
        assert (refused.value.code, refused.value.pointer) == ("text.personnummer_refused", f"/{name}")
