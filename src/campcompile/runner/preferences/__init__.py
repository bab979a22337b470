"""Leaving with one click, and choosing what to get: a small service of the practice's own."""
