"""Tracking and analytics: the TRK rules."""
