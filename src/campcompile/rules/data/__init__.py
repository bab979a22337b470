"""Dated policy packs: what the law, a mailbox provider or the web says at a day, as data with its source."""
