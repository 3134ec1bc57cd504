"""Who has a seat in what, and how it came about."""
