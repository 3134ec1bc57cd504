"""Certificates: issued after completion, verifiable by anyone."""
