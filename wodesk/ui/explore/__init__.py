"""The parts of the page on which any metric is found, grouped and filtered."""
