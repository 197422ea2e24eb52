"""Where models may run."""
