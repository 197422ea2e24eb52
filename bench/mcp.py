"""MCP beside the official SDK and FastMCP: over HTTP, in process, over pipes, from a cold start, in memory.

`python bench/mcp.py http` runs one part; what each claims is said in its room (`mcp_http.py` …).
"""

import mcp_http
import mcp_memory
import mcp_process
import mcp_stdio
from common import options, versions

PARTS = {"http": mcp_http.run, "process": mcp_process.run, "stdio": mcp_stdio.run, "memory": mcp_memory.run}


def main() -> None:
    parser = options("MCP", rounds=5, seconds=3)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="default: all of them")
    chosen = parser.parse_args()
    print(versions("mcp-types", "fastmcp", "uvicorn", "uvloop", "httptools", "msgspec", "cython"))
    for name in chosen.parts or PARTS:
        PARTS[name](chosen)


if __name__ == "__main__":
    main()
