"""Audiences: the SEG rules."""
