"""How does a volunteer centre keep its own list and Mentorskap alike? A command that needs nothing else of this project.

Installed alone by pip (`pyproject.toml` in this folder) as `mentorskap_sync`: so it imports nothing from its neighbours.
"""
