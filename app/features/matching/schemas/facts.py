"""Of which parts are policies and runs spoken of: documents, counts, scores, sentences?"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from app.domain.matching.policy import FULL_SCORE, default_policy_document
from app.kit import text
from app.kit.wire import Schema

POOL_LIMIT = 100_000  # people on each side of one run
SYNCHRONOUS_LIMIT = 1_000  # people on each side of what is answered at once
MAX_PINS = 1_000  # of one run
LARGEST_SEED = 2**53 - 1  # what every JSON reader keeps exact
LARGEST = 2**63 - 1
_DEEPEST = 4  # a policy document nests three deep
_LONGEST = 60


def _plain(value: Any, depth: int = 0) -> Any:
    """Refuse what cannot be a policy before it is read: a refusal points at keys, so keys must be short and clean."""
    if depth > _DEEPEST:
        raise ValueError("must not nest so deep")
    if isinstance(value, str) and (len(value) > _LONGEST or text.clean_text(value) != value):
        raise ValueError("must hold short, plain words")
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for one in inner:
        _plain(one, depth + 1)
    return value


Document = Annotated[
    dict[str, Any],
    Field(
        max_length=20,
        description="Rules, weights and tiers; read strictly, stored in one canonical form.",
        examples=[default_policy_document("sv-adult-labour")],
    ),
    AfterValidator(_plain),
]
Count = Annotated[int, Field(ge=0, le=POOL_LIMIT)]
Score = Annotated[int, Field(ge=0, le=FULL_SCORE)]
Total = Annotated[int, Field(ge=0, le=LARGEST)]
Digest = Annotated[str, Field(max_length=64, description="SHA-256, hexadecimal.")]
Sentences = Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=40)]
Constraint = Annotated[str, Field(max_length=40, examples=["menteeLanguage"])]


class Explanation(Schema):
    """The same reasons in two languages."""

    sv: Sentences
    en: Sentences
