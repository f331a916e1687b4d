"""Referrals between partners, answered by a day."""
