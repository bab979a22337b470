"""One file a target; each holds `DIALECT`."""
