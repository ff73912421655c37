"""Alerts become notices here: pure rules of when to tell what, a journal, and the desk on them."""
