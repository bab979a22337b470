"""What one made-up person would get, and why not the rest: every campaign at once, by the semantics of time."""
