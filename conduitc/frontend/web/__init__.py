"""FastAPI, Starlette and Flask apps: what their declarations mean, read into the same App."""
