"""HTTP/1.1 inside uvicorn: the compiled protocol, and what serves a build without a command of one's own."""
