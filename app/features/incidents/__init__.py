"""What went wrong in a match, for those who handle it and nobody else."""
