"""Planned contacts, their answers, and outcomes."""
