"""Forms of the fair play plugin."""
