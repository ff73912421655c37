"""Tests of the window and its parts: real widgets, off screen."""
