"""Tests of `wodesk.models`."""
