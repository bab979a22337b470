"""Facts that several rules or passes ask for."""
