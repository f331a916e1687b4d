"""Problem codes with status and titles, one file per slice."""
