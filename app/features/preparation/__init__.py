"""Information and expectations: what people know and want before a match starts."""
