"""Decisions, without I/O: what may be done, what counts, who fits with whom. Reads as the glossary."""
