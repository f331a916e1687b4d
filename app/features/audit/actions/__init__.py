"""What is written about the logs? Checkpoints, their anchor outside, and signatures of reviews."""

from app.features.audit.actions.anchors import append_to_anchor
from app.features.audit.actions.reviews import sign_review
from app.features.audit.actions.sealing import seal_next

__all__ = ["append_to_anchor", "seal_next", "sign_review"]
