"""Who should meet whom? Exact, explained, reproducible proposals; people decide."""
