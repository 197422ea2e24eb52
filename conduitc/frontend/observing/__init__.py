"""Parsed modules and the App → subjects with their traits: what is done where, in words that compare."""
