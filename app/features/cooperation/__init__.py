"""How partners talk, meet, find each other, and see what waits for them."""
