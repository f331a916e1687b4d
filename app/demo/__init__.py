"""The world of the memo, retold through the API with invented people: for a first look, for tours and for trials."""
