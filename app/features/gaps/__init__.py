"""The gap view: what is offered, who waits, and what is missing."""
