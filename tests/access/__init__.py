"""Tests of `wodesk.access`."""
