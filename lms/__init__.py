"""Samspil: a small core for users and enrolment, and plugins for everything else."""

__version__ = "0.1.0"
