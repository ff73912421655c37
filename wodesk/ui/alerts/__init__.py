"""Alerts in the window: their words, their tables, and what can be done with them."""
