"""Tests of what makes notices of alerts."""
