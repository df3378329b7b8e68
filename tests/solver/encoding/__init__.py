"""Topologies in terms of an SMT solver, written from AWS's guides and from nothing of the program under test."""
