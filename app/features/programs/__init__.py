"""Programmes with purpose, measurable targets and cohorts."""
