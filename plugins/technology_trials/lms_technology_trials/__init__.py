"""Trials of new technology: workshops, trial tests and what they taught."""
