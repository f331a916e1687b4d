"""How fast is it, and does it keep its promises under stress? `make bench` measures, `make prove` runs campaigns."""
