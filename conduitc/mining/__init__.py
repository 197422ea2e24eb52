"""Subjects → the patterns that many of them follow."""
