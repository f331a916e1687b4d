"""Planned contacts and their answers."""
