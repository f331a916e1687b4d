"""Planned meetings and follow-ups in a person's own calendar."""
