"""Data and merge fields: the FLD rules."""
