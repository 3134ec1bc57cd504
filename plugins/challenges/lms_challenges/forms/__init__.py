"""Forms of the challenges plugin."""
