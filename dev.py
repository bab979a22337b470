"""Sets up and runs everything: see `python3 dev.py --help`."""
