"""Placements at host workplaces: internships and trainee places."""
