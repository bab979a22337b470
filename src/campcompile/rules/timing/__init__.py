"""Timing and cadence: the TIM rules."""
