"""Enrolments: who takes part in which cohort, from application to exit."""
