"""Runpod as a compute provider."""
