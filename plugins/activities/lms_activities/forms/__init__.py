"""Shapes of input, one module for each type."""
