"""Introspection over HTTP, in an app or alone."""
