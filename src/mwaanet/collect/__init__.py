"""Collecting: from a live AWS to a snapshot, by reading calls only; it knows the calls and no verdicts."""
