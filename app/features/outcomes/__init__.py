"""What became of people: how they support themselves from entry to a year after the exit."""
