"""Policies, runs and proposals with reasons."""
