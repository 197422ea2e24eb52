"""Everything that an MCP server can offer, as the official conformance suite asks for it."""

import asyncio
from base64 import b64decode

from conduit import Conduit, Context
from conduit.mcp import Audio, Elicit, Embedded, Image, Roots, Said, Sample, ToolError

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


@app.tool()
async def test_logging_tool(ctx: Context) -> str:
    """Says one thing."""
    ctx.info("It runs.")
    return "It ran."


@app.tool(
    schema={
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
            }
        },
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": False,
    }
)
def json_schema_2020_12_tool(
    name: str = "",
    address: dict | None = None,
    contactMethod: str = "email",
    phone: str = "",
    email: str = "",
) -> str:
    """Tool with JSON Schema 2020-12 features"""
    return f"{name} by {contactMethod}"


@app.tool(
    schema={
        "type": "object",
        "properties": {
            "region": {"type": "string", "x-mcp-header": "Region"},
            "amount": {"type": "integer"},
        },
        "required": ["region"],
    }
)
def test_routed(region: str, amount: int = 1) -> str:
    """Is told its region by a header, too."""
    return f"{amount} in {region}"


# -- what is asked of the client ---------------------------------------------------------------------------

NAME = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
CONFIRM = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


@app.tool()
async def test_sampling(prompt: str, ctx: Context) -> str:
    """Asks the client's model."""
    said = await ctx.sample(prompt, max_tokens=100)
    return f"LLM response: {said.text}"


@app.tool()
async def test_elicitation(message: str, ctx: Context) -> str:
    """Asks the user who they are."""
    schema = {
        "type": "object",
        "properties": {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        },
        "required": ["username", "email"],
    }
    found = await ctx.elicit(message, schema)
    return f"User response: action={found.action}, content={found.content}"


@app.tool()
async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
    """Asks with a form that is filled in already."""
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "default": "John Doe"},
            "age": {"type": "integer", "default": 30},
            "score": {"type": "number", "default": 95.5},
            "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
            "verified": {"type": "boolean", "default": True},
        },
    }
    found = await ctx.elicit("Please check what is known of you.", schema)
    return f"Elicitation completed: action={found.action}, content={found.content}"


@app.tool()
async def test_elicitation_sep1330_enums(ctx: Context) -> str:
    """Asks with every kind of choice."""
    first = [{"const": f"value{n}", "title": f"{word} Option"} for n, word in enumerate(WORDS, 1)]
    several = [{"const": f"value{n}", "title": f"{word} Choice"} for n, word in enumerate(WORDS, 1)]
    options = ["option1", "option2", "option3"]
    names = ["Option One", "Option Two", "Option Three"]
    schema = {
        "type": "object",
        "properties": {
            "untitledSingle": {"type": "string", "enum": options},
            "titledSingle": {"type": "string", "oneOf": first},
            "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": names},
            "untitledMulti": {"type": "array", "items": {"type": "string", "enum": options}},
            "titledMulti": {"type": "array", "items": {"anyOf": several}},
        },
    }
    found = await ctx.elicit("Please choose.", schema)
    return f"Elicitation completed: action={found.action}, content={found.content}"


WORDS = ("First", "Second", "Third")


@app.tool()
async def test_input_required_result_elicitation(ctx: Context) -> str:
    """Greets whoever is there."""
    found = await ctx.elicit("What is your name?", NAME, name="user_name")
    return f"Hello, {found.content['name'] if found.accepted else 'stranger'}!"


@app.tool()
async def test_input_required_result_sampling(ctx: Context) -> str:
    """Asks the model a question of geography."""
    said = await ctx.sample("What is the capital of France?", max_tokens=100, name="capital_question")
    return said.text


@app.tool()
async def test_input_required_result_list_roots(ctx: Context) -> str:
    """Tells where the client works."""
    roots = await ctx.roots(name="client_roots")
    return ", ".join(root.uri for root in roots)


@app.tool()
async def test_input_required_result_request_state(ctx: Context) -> str:
    """Needs a confirmation."""
    found = await ctx.elicit("Please confirm", CONFIRM, name="confirm")
    return f"state-ok, {found.action}"


@app.tool()
async def test_input_required_result_tampered_state(ctx: Context) -> str:
    """Needs a confirmation, and takes no other's."""
    found = await ctx.elicit("Please confirm", CONFIRM, name="confirm")
    return f"confirmed: {found.action}"


@app.tool()
async def test_input_required_result_multiple_inputs(ctx: Context) -> str:
    """Asks user, model and client at once."""
    answers = await ctx.ask(
        {
            "user_name": Elicit("What is your name?", NAME),
            "greeting": Sample("Generate a greeting", max_tokens=50),
            "client_roots": Roots(),
        }
    )
    return f"{answers['greeting'].text} {answers['user_name'].content}, {len(answers['client_roots'])} roots"


@app.tool()
async def test_input_required_result_multi_round(ctx: Context) -> str:
    """Asks twice."""
    name = await ctx.elicit("Step 1: What is your name?", NAME, name="step1")
    schema = {"type": "object", "properties": {"color": {"type": "string"}}, "required": ["color"]}
    color = await ctx.elicit("Step 2: What is your favorite color?", schema, name="step2")
    return f"{name.content} likes {color.content}"


@app.tool()
async def test_input_required_result_capabilities(ctx: Context) -> str:
    """Asks only what the client can be asked."""
    questions = {}
    if ctx.can("elicitation"):
        questions["user_name"] = Elicit("What is your name?", NAME)
    if ctx.can("sampling"):
        questions["greeting"] = Sample("Generate a greeting", max_tokens=50)
    await ctx.ask(questions)
    return "All that could be asked was."


@app.tool()
async def test_missing_capability(ctx: Context) -> str:
    """Cannot do without the client's model."""
    return (await ctx.sample("Say something.", max_tokens=10)).text


@app.tool()
async def test_streaming_elicitation(ctx: Context) -> str:
    """Says what it does, then asks."""
    ctx.info("It is about to ask.")
    found = await ctx.elicit("Go on?", CONFIRM, name="go_on")
    return found.action


@app.prompt()
async def test_input_required_result_prompt(ctx: Context) -> str:
    """A prompt whose context the user gives."""
    schema = {"type": "object", "properties": {"context": {"type": "string"}}, "required": ["context"]}
    found = await ctx.elicit("What context should the prompt use?", schema, name="user_context")
    return f"Use this context: {found.content}"


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
