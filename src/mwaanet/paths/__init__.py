"""Walks over the graph: questions, traces, verdicts and blocked paths."""
