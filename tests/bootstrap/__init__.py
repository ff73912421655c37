"""How a checkout gets ready on a machine that has nothing but Python."""
