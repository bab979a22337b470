"""The whole of time, pure: when an e-mail is due, when it goes, until when it may. Now is always an argument."""
