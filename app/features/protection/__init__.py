"""Protected identity, and who is cleared to handle it."""
