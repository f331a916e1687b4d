"""People who log in and partners' own systems: sessions, tokens, invitations."""
