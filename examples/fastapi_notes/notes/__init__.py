"""Notes that people keep, tag, discuss and share: an API written for FastAPI."""
