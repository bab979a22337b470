"""campcompile compiles e-mail campaigns of medical practices, written in YAML, into reviewed bundles."""

__version__ = "0.1.0"
