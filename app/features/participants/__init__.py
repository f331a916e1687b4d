"""People as partners hold them: facts, attestations, guardians, possible duplicates."""
