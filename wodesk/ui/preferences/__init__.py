"""The dialog of preferences, a page a section."""
