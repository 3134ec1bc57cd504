"""Organisations, units, other and former names, registration numbers."""
