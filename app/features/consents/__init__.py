"""Consents by version, purpose and recipient."""
