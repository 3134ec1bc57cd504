"""Verbs on what the types keep beside the work. They flush; the request commits."""
