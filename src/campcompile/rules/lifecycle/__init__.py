"""Lifecycle and localisation: the LIF rules."""
