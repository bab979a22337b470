"""Subject, preheader, sender name: the SUB rules."""
