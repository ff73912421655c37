"""A desktop monitor for the servers you look after."""

__version__ = "0.1.0"
