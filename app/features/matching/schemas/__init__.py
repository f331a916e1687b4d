"""How are policies and runs spoken of over the wire? Ids, numbers and reasons; never a name."""

from app.features.matching.schemas.blocks import (
    PairBlockCreate,
    PairBlockQuery,
    PairBlockRead,
)
from app.features.matching.schemas.facts import (
    LARGEST_SEED,
    POOL_LIMIT,
    Explanation,
)
from app.features.matching.schemas.policies import (
    DefaultMatchingPolicyRead,
    MatchingPolicyCreate,
    MatchingPolicyRead,
)
from app.features.matching.schemas.results import (
    AlternativeRead,
    BlockingRead,
    CertificateRead,
    MatchRunPairRead,
    MatchRunUnmatchedRead,
    MenteePrice,
    MentorPrice,
    PriorityLackingRead,
    SmallestChangeRead,
)
from app.features.matching.schemas.runs import (
    Comparison,
    MatchRunApprove,
    MatchRunCreate,
    MatchRunQuery,
    MatchRunRead,
    MatchRunReject,
    Progress,
    Reached,
)

__all__ = [
    "LARGEST_SEED",
    "POOL_LIMIT",
    "AlternativeRead",
    "BlockingRead",
    "CertificateRead",
    "Comparison",
    "DefaultMatchingPolicyRead",
    "Explanation",
    "MatchRunApprove",
    "MatchRunCreate",
    "MatchRunPairRead",
    "MatchRunQuery",
    "MatchRunRead",
    "MatchRunReject",
    "MatchRunUnmatchedRead",
    "MatchingPolicyCreate",
    "MatchingPolicyRead",
    "MenteePrice",
    "MentorPrice",
    "PairBlockCreate",
    "PairBlockQuery",
    "PairBlockRead",
    "PriorityLackingRead",
    "Progress",
    "Reached",
    "SmallestChangeRead",
]
