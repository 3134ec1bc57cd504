"""The demo: what a programme of three municipalities notices, frames, weighs and decides."""
