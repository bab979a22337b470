"""What it means: frozen values, and the binding of names to them."""
