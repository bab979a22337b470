"""Links and brand: the LNK rules."""
