"""Is an answer that does not fit its own description our fault, and told without its values?"""

from unittest.mock import Mock

import pytest
from pydantic import Field

from app.kit.wire import Exchange, Schema, answer


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
