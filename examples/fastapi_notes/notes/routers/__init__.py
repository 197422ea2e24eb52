"""One module a topic; each has its ``router``."""
