"""Makes ``counted.json``: texts of ours, and how many tokens real tokenizers make of each.

    pip install mistral-common sentencepiece tiktoken && python -m tests.introspect.tools.counting

The package carries two vocabularies: one of 32,000 pieces (SentencePiece), which needs more tokens than those
of today's models, and one of 131,000 (byte pairs). Neither is needed to run the tests.
"""

import base64
import json
import random
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from conduit.introspect import Codebase
from conduit.introspect.tools.ai_text import ai_text
from conduit.introspect.tools.questions import QUESTIONS

from conduitc.cli.introspect import metadata_of
from conduitc.driver import analyse
from tests.introspect.tools.made import many_routes

ROOT = Path(__file__).parents[3]
COUNTED = Path(__file__).with_name("counted.json")
ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("overview", {}),
    ("find", {"query": "kind:route"}),
    ("find", {"query": "schema.NoteCreate"}),
    ("who_handles", {"url": "/api/v1/notes/7"}),
    ("effective_stack", {"route": "GET /api/v1/notes/{note_id}"}),
    ("deps_and_impact", {"name": "schema.User"}),
    ("how_do_i", {"question": "how do I add an authenticated endpoint"}),
    ("patterns", {}),
)


def texts() -> Iterator[str]:
    """Answers, files for assistants, prose, code, and what tokenizers find hard."""
    notes = Codebase(metadata_of(analyse(ROOT / "examples/fastapi_notes/notes/main.py")))
    for name, arguments in ASKED:
        yield answered(notes, name, arguments)
    for query in ("kind:route", "file:package/module_3.py", "kind:function"):
        yield answered(many_routes(2000), "find", {"query": query})
    yield answered(many_routes(2000), "overview", {})
    yield ai_text(notes)
    yield ai_text(many_routes(2000))
    yield (ROOT / "docs/ai.txt").read_text("utf-8")
    yield (ROOT / "docs/security.md").read_text("utf-8")[:2000]
    yield (ROOT / "conduitc/driver.py").read_text("utf-8")[:2000]
    dice = random.Random(6)
    yield json.dumps([f"pattern:auth/{dice.getrandbits(48):012x}" for _ in range(30)])
    yield "这是一个用于测试的中文文档字符串说明用户如何登录。" * 5
    yield "Это строка документации для проверки токенов. " * 5
    yield "🎉🚀🔥✨👍🏽" * 5


def answered(codebase: Codebase, name: str, arguments: dict[str, str]) -> str:
    """As it is sent."""
    question = QUESTIONS[name]
    answer = question.answered(codebase, question.checked(dict(arguments)))
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))


def tokenizers() -> dict[str, Callable[[str], list[int]]]:
    """By the size of their vocabulary."""
    import sentencepiece  # type: ignore[import-not-found]
    import tiktoken  # type: ignore[import-not-found]

    data = files("mistral_common") / "data"
    small = sentencepiece.SentencePieceProcessor(model_file=str(data / "tokenizer.model.v1"))
    large = json.loads((data / "tekken_240911.json").read_text("utf-8"))
    size = large["config"]["default_vocab_size"] - large["config"]["default_num_special_tokens"]
    ranks = {base64.b64decode(one["token_bytes"]): one["rank"] for one in large["vocab"][:size]}
    pairs = tiktoken.Encoding(
        "tekken", pat_str=large["config"]["pattern"], mergeable_ranks=ranks, special_tokens={}
    )
    return {"32k": small.encode, "131k": pairs.encode}


def main() -> None:
    counters = tokenizers()
    rows = [
        {"text": text, **{name: len(count(text)) for name, count in counters.items()}} for text in texts()
    ]
    COUNTED.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
