"""What packs of law say of themselves: the LAW rules."""
