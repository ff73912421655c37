"""The way to a server: what must be trusted, opened and closed around a source."""
