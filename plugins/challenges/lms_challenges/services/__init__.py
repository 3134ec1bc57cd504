"""Verbs of the challenges plugin, one module for each side of the work."""
