"""Questions about what the types keep beside the work."""
