"""Tests of `wodesk.client`."""
