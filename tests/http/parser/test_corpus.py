"""The cases of ``http_cases.json`` at the level of heads and bodies, whole and cut; and beside h11."""

import json
import os
import random
from collections import Counter
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from tests.http.corpus import cases, needs_corpora, raw_of, runner
from tests.http.parser.reading import Read

pytestmark = [pytest.mark.native, needs_corpora]

SOAK = bool(os.environ.get("CONDUIT_SOAK"))
#: Longer cases are not cut at every byte.
LONG = 20_000


def answered(told: list[str]) -> dict[str, Any]:
    """What a server that answers each whole request with an echo would have sent: as the judge wants it."""
    oks: list[Any] = []
    last = told[-1] if told else ""
    waits, ends = last == "waits", last == "ends"
    refused = last[:3].isdecimal()
    for number, line in enumerate(told):
        if line.startswith(("  ", "body", "part")) or (
            number == len(told) - 1 and (waits or ends or refused)
        ):
            continue
        after = next((one for one in told[number + 1 :] if not one.startswith("  ")), "")
        words = line.split(" ")
        given = dict(word.partition("=")[::2] for word in words)
        has_body = "chunked" in words or int(given.get("length", 0)) > 0
        if has_body and not after.startswith("body"):
            continue
        body = after.removeprefix("body").removeprefix(" ") if has_body else ""
        path = unquote_to_bytes(given["path"] or "/").decode("utf-8", "replace")
        seen = {"method": words[0], "path": path, "query": given.get("query", ""), "body": body}
        oks.append((200, {"x-echo": "1"}, json.dumps(seen).encode(), True))
    errs: list[Any] = [(int(last[:3]), {}, b"", True)] if refused else []
    return {"fin": oks + errs, "oks": oks, "errs": errs, "closed": ends or refused, "rest": b""}


def test_the_corpus(read: Read) -> None:
    judge, score, wrong = runner(), Counter[str](), []
    for case in cases():
        verdict, kind, why = judge.judge(case, answered(read(raw_of(case))))
        score[verdict] += 1
        if verdict != "pass":
            wrong.append(f"{verdict} {case['id']} {kind} {why}")
    assert score["FAIL"] == 0 and score["pass"] >= 0.98 * score.total(), "\n".join(wrong)


def test_the_corpus_cut(read: Read) -> None:
    dice = random.Random(5)
    for case in cases():
        raw = raw_of(case)
        whole = read(raw)
        if len(raw) <= LONG:
            assert read(raw, range(len(raw))) == whole, case["id"]
        places = range(len(raw) + 1) if len(raw) < 600 else dice.sample(range(len(raw)), 20)
        for at in places:
            assert read(raw, [at]) == whole, (case["id"], at)
