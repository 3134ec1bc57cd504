"""Shapes of input of the courses plugin."""
