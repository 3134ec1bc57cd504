"""Shadowing: follow a colleague at work, and write down what you saw."""
