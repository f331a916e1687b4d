"""Pairs through their states, and their meetings."""
