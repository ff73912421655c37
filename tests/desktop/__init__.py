"""Tests of what speaks to the desktop, on a session bus of their own."""
