"""Contacts are addresses as practices keep them: looked over before anybody writes to them, and never printed."""
