"""The command line; it imports lazily."""
