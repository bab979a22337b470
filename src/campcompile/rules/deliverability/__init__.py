"""Deliverability and bulk-sender rules: the DEL rules."""
