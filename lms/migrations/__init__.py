"""The core's steps (`versions/`), and the tools that run and write steps for every owner."""
