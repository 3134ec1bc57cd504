"""Verbs of the fair play plugin."""
