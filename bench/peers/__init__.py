"""Servers that a bench compares with and that are no ASGI apps."""
