"""Everything that an MCP server can offer, as the official conformance suite asks for it."""

import asyncio
from base64 import b64decode

from conduit import Conduit, Context
from conduit.mcp import Audio, Embedded, Image, Said, ToolError

app = Conduit(title="Everything", version="1.0.0")
app.enable_mcp(instructions="Tools, resources and prompts to try a client with.")

PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)
SILENCE = b64decode("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==")


@app.tool()
def test_simple_text() -> str:
    """Answers with text."""
    return "This is a simple text response for testing."


@app.tool()
def test_image_content():
    """Answers with a picture."""
    return Image(PIXEL, "image/png")


@app.tool()
def test_audio_content():
    """Answers with sound."""
    return Audio(SILENCE, "audio/wav")


@app.tool()
def test_embedded_resource():
    """Answers with a resource."""
    return Embedded("test://embedded-resource", "This is an embedded resource content.", "text/plain")


@app.tool()
def test_multiple_content_types():
    """Answers with text, a picture and a resource."""
    data = '{"test":"data","value":123}'
    resource = Embedded("test://mixed-content-resource", data, "application/json")
    return ["Multiple content types test:", Image(PIXEL, "image/png"), resource]


@app.tool()
async def test_tool_with_logging(ctx: Context) -> str:
    """Says what it does while it does it."""
    ctx.info("Tool execution started")
    await asyncio.sleep(0.05)
    ctx.info("Tool processing data")
    await asyncio.sleep(0.05)
    ctx.info("Tool execution completed")
    return "It was said."


@app.tool()
def test_error_handling() -> str:
    """Fails."""
    raise ToolError("This tool intentionally returns an error for testing")


@app.tool()
async def test_tool_with_progress(ctx: Context) -> str:
    """Tells how far it is."""
    for done in (0, 50, 100):
        ctx.progress(done, 100)
        await asyncio.sleep(0.05)
    return "It is done."


@app.resource("test://static-text", media_type="text/plain")
def static_text() -> str:
    """Text that is always the same."""
    return "This is the content of the static text resource."


@app.resource("test://static-binary", media_type="image/png")
def static_binary() -> bytes:
    """A picture that is always the same."""
    return PIXEL


@app.resource("test://watched-resource", media_type="text/plain")
def watched() -> str:
    """Text that clients may subscribe to."""
    return "Nothing has happened yet."


@app.resource("test://template/{id}/data", media_type="application/json")
def data(id: str) -> dict:
    """Data by its id."""
    return {"id": id, "templateTest": True, "data": f"Data for ID: {id}"}


@app.prompt()
def test_simple_prompt() -> str:
    """A prompt without arguments."""
    return "This is a simple prompt for testing."


@app.prompt()
def test_prompt_with_arguments(arg1: str, arg2: str) -> str:
    """A prompt with two arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


@app.completion("test_prompt_with_arguments", "arg1")
def places(value: str) -> list[str]:
    """Words that begin so."""
    return [word for word in ("paris", "park", "party") if word.startswith(value)]


@app.prompt()
def test_prompt_with_embedded_resource(resourceUri: str) -> list:
    """A prompt that shows a resource."""
    resource = Embedded(resourceUri, "Embedded resource content for testing.", "text/plain")
    return [Said("user", resource), Said("user", "Please process the embedded resource above.")]


@app.prompt()
def test_prompt_with_image() -> list:
    """A prompt that shows a picture."""
    return [Said("user", Image(PIXEL, "image/png")), Said("user", "Please analyze the image above.")]


app.run()
