"""What the benches of MCP start in processes of its own: the floor of a server, and a driver of ASGI apps."""
