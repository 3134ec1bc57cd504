"""Courses, versions, runs, course sessions, teaching slots, teams, seats."""
