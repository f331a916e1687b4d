"""People as held by a partner, and their enrolments in cohorts."""
