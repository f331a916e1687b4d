"""The public catalogue: which programmes there are, for anybody, and for directories that collect them."""
