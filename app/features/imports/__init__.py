"""Files of people, availability and enrolments from other systems: read, checked and applied row by row or whole."""
