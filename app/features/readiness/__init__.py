"""The seven-factor check, and the opening of a cohort."""
