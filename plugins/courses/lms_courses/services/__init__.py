"""Verbs of the courses plugin."""
