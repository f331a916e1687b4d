"""Is an answer that does not fit its own description our fault, told without its values, and are instants told in UTC?"""

from unittest.mock import Mock

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from app.kit.wire import Exchange, Instant, Schema, answer


class Told(Schema):
    """What an operation says that it answers."""

    names: list[str] = Field(max_length=1)


def test_an_answer_that_does_not_fit_is_a_fault_and_tells_no_values() -> None:
    exchange = Exchange(Mock(), "/")
    assert answer(exchange, Told, {"names": ["Påhittad"]}).body == '{"names":["Påhittad"]}'.encode()
    with pytest.raises(TypeError, match=r"no Told: .*too_long.*names") as raised:
        answer(exchange, Told, {"names": ["Påhittad", "Person"]})
    assert "Person" not in str(raised.value)
    assert raised.value.__suppress_context__, "what pydantic said, with values, is not printed below"


@pytest.mark.parametrize(
    "told",
    ["2026-03-10T17:00:00+05:30", "2026-03-10T11:30:00Z", "2026-03-10T06:30:00.000-05:00", "2026-03-10T11:30:00+00:00"],
)
def test_instants_come_in_with_any_zone_and_go_out_in_utc(told: str) -> None:
    instants: TypeAdapter[object] = TypeAdapter(Instant)
    assert instants.dump_json(instants.validate_python(told)) == b'"2026-03-10T11:30:00.000000Z"'


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        TypeAdapter(Instant).validate_python("2026-03-10T17:00:00")
