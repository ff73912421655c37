"""Tests of the engine, against real servers on real loops."""
