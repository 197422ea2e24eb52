"""Introspection over MCP: few tools, each a derived answer."""
