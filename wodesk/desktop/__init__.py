"""The desktop around the window, as far as no Qt is needed to speak to it."""
