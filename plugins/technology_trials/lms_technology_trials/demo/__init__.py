"""Data that `lms demo load` brings."""
