"""Data files the domain reads: versioned, documented, never constants in code."""
