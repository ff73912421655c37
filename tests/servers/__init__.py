"""Servers that the tests start and stop themselves: replayed agents, faulty ones, real ones."""
