"""Accessibility: the A11Y rules."""
