"""Responsive design and client support: the RSP rules."""
