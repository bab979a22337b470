"""Commercial-mail formalities: the CAN rules."""
