"""Plans: goals, measures with owners, decisions, and how it goes."""
