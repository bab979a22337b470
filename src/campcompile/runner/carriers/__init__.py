"""Carriers: services that take our messages one by one over their APIs; one file each."""
