"""Machinery without a word about mentorship: database, HTTP habits, tokens, jobs."""
