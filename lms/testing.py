"""Fixtures for everyone who extends Samspil."""
