"""Figures, each with population, period and rule."""
