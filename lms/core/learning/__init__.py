"""Attendance, completion conditions, completions."""
