"""What is stored about a person, and who has seen it."""
