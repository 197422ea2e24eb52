"""Numeric loops: compiled, they are what Python does."""
