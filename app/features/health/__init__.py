"""How matches are doing, derived from their records."""
