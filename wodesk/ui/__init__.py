"""The window: widgets that read the store and say what the user wants."""
