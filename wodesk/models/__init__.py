"""Values that travel through every floor of the house: no Qt, no I/O, nothing mutable."""
