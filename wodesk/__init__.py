"""A desktop window on the servers a person looks after."""

__version__ = "0.1.0"
