"""``python -m uvicorn`` as it is, after a line that says where it will serve."""

import sys

import uvicorn

port = sys.argv[sys.argv.index("--port") + 1]
print(f"Server running at http://127.0.0.1:{port}", flush=True)
uvicorn.main()
