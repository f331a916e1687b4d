"""Information packs and training: what people know before a match starts."""
