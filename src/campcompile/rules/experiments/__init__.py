"""Experiments: the ABT rules."""
