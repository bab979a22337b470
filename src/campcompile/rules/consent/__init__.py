"""Consent and legal basis: the CON rules."""
