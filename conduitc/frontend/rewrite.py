"""Copied sources → the same with ``_slot=N`` in every declaring call. Lines and all other text are kept.

Only the expression of each site goes to libcst, in one child process for all files: parsing whole modules
costs 50 ms per 1,000 lines and finding positions in them 400, an expression 0.15 ms. What comes back is
checked here with ``ast`` and put in as an insertion, so nothing outside of it can change.
"""

import ast
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct, to_builtins

from conduitc.cache import Cache
from conduitc.diagnostics import CompileError, Diagnostic, Rule
from conduitc.frontend.source import no_collections
from conduitc.ir.nodes import SlotSite
from conduitc.span import Span

REWRITE_FAILED = Rule(
    code="CDT910",
    slug="rewrite-failed",
    severity="error",
    message="the copy of {file} could not be given its slots: {why}",
    docs=(
        "To bind declarations without importing by name, the build adds `_slot=N` to each declaring call in "
        "the copied sources. That failed here, so two parsers disagree about your source. This is a fault of "
        "the compiler: please report it with the lines shown. Writing the call more plainly gets around it."
    ),
    bad="",
    good="",
)

_LINE_END = re.compile(r"\r\n?|\n")
_CHILD = Path(__file__).with_name("rewrite_child.py")
_SECONDS = 60.0


class _Site(Struct, frozen=True):
    """A site with its text: ``start`` is its offset in the file."""

    file: str
    slot: SlotSite
    start: int
    text: str

    def fault(self, why: str) -> Diagnostic:
        return REWRITE_FAILED.at(self.slot.span, file=self.file, why=why)


def insert_slots(
    files: Mapping[str, tuple[str, Sequence[SlotSite]]], cache: Cache | None = None
) -> dict[str, str]:
    """``{file: (text, sites)}`` → ``{file: text}``.

    ``cache`` keeps results, and what libcst said to the sites of a file: that holds while other lines change.

    Raises:
        CompileError: a site is not what ``ast`` said it was, or libcst died.
    """
    kept = cache or Cache()
    parts = {file: (text, json.dumps(to_builtins(slots))) for file, (text, slots) in files.items()}
    known = {file: kept.recall("slotted", parts[file]) for file in files}
    made = _inserted({file: given for file, given in files.items() if known[file] is None}, kept)
    for file, text in made.items():
        kept.remember("slotted", parts[file], text.encode("utf-8", "surrogatepass"))
    return {
        file: made[file] if found is None else found.decode("utf-8", "surrogatepass")
        for file, found in known.items()
    }


def _inserted(files: Mapping[str, tuple[str, Sequence[SlotSite]]], cache: Cache) -> dict[str, str]:
    by_file = {file: list(_sites(file, text, slots)) for file, (text, slots) in files.items()}
    sites = [site for found in by_file.values() for site in found]
    rewritten = _answers([found for found in by_file.values() if found], cache)
    insertions: dict[str, list[tuple[int, str]]] = {file: [] for file in files}
    with _no_warnings(), no_collections():
        for site, new in zip(sites, rewritten, strict=True):
            offset, addition = _insertion(site, new)
            insertions[site.file].append((site.start + offset, addition))
        results = {file: _insert(text, insertions[file]) for file, (text, _) in files.items()}
        for site in {site.file: site for site in sites}.values():
            _parsed(results[site.file], site)
    return results


def _sites(file: str, text: str, slots: Sequence[SlotSite]) -> Iterator[_Site]:
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))] if slots else []
    for slot in slots:
        span: Span = slot.span
        if not 0 < span.line <= span.end_line <= len(starts):
            raise CompileError(REWRITE_FAILED.at(span, file=file, why="there is no such line"))
        start = starts[span.line - 1] + span.column - 1
        end = starts[span.end_line - 1] + span.end_column - 1
        yield _Site(file, slot, start, text[start:end])


def _answers(files: Sequence[Sequence[_Site]], cache: Cache) -> list[str]:
    """Each site's text with its keyword; line ends are those of the site."""
    works = [json.dumps([_work(site) for site in sites]) for sites in files]
    known = [cache.recall("slots", (work,)) for work in works]
    unknown = [site for sites, found in zip(files, known, strict=True) if found is None for site in sites]
    told = iter(_ask_child(unknown) if unknown else [])
    answers = []
    for sites, work, found in zip(files, works, known, strict=True):
        texts = [next(told) for _ in sites] if found is None else json.loads(found)
        if found is None:
            cache.remember("slots", (work,), json.dumps(texts).encode())
        for site, text in zip(sites, texts, strict=True):
            answers.append(_with_line_ends(text, _LINE_END.findall(site.text)))
    return answers


def _work(site: _Site) -> tuple[str, int, bool]:
    return _LINE_END.sub("\n", site.text), site.slot.slot, site.slot.bare


def _ask_child(sites: Sequence[_Site]) -> list[str]:
    """Each site's text with its keyword; line ends are ``\\n``."""
    output, ending = run_child(json.dumps([_work(site) for site in sites]) + "\n")
    answers = output.split("\n")
    rewritten = []
    for index, site in enumerate(sites):
        # a line without its end was cut off
        answer: list[str] = json.loads(answers[index]) if index < len(answers) - 1 else ["", ending]
        if not answer[0]:
            raise CompileError(site.fault(answer[1]))
        rewritten.append(answer[0])
    return rewritten


def run_child(work: str, seconds: float | None = None) -> tuple[str, str]:
    """What the child wrote, and how it ended, in words."""
    if not sys.executable:
        return "", "there is no Python executable to run libcst in"
    spec = find_spec("libcst")
    if spec is None or spec.origin is None:
        return "", "libcst is not installed"
    seconds = seconds or _SECONDS
    command = [sys.executable, "-I", str(_CHILD), str(Path(spec.origin).parents[1])]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="ascii",
    ) as child:
        try:
            output, _ = child.communicate(work, seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            output, _ = child.communicate()
            return output, f"libcst did not answer within {seconds:g} s"
    return output, f"libcst ended with status {child.returncode}"


def _with_line_ends(text: str, ends: Sequence[str]) -> str:
    lines = text.split("\n")
    return "".join(part for pair in zip_longest(lines, ends, fillvalue="") for part in pair)


def _insertion(site: _Site, new: str) -> tuple[int, str]:
    """Where in the site's text what was added; ``ast`` must see the keyword and no other difference."""
    old = site.text
    call, before = _expression(new, site), _expression(old, site)
    if not isinstance(call, ast.Call) or not call.keywords:
        raise CompileError(site.fault("the result is no call"))
    if isinstance(before, ast.Call) and any(one.arg == "_slot" for one in before.keywords):
        raise CompileError(site.fault("it has a _slot already"))
    keyword = call.keywords.pop()
    rest = call.func if site.slot.bare else call
    expected = ast.dump(ast.keyword("_slot", ast.Constant(site.slot.slot)))
    if ast.dump(keyword) != expected or ast.dump(rest) != ast.dump(before):
        raise CompileError(site.fault("more than the slot changed"))
    length = len(new) - len(old)
    for offset in range(len(old), -1, -1):
        if old.endswith(new[offset + length :]) and new.startswith(old[:offset]):
            return offset, new[offset : offset + length]
    raise CompileError(site.fault("more than an insertion was made"))


def _expression(text: str, site: _Site) -> ast.expr:
    try:
        return ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CompileError(site.fault(f"{type(error).__name__} at this place")) from None


def _insert(text: str, insertions: list[tuple[int, str]]) -> str:
    pieces, done = [], 0
    for offset, addition in sorted(insertions):
        pieces += [text[done:offset], addition]
        done = offset
    return "".join([*pieces, text[done:]])


def _parsed(text: str, site: _Site) -> None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise CompileError(site.fault(f"{type(error).__name__} in the result")) from None


@contextmanager
def _no_warnings() -> Iterator[None]:
    """What is odd in a user's source (an invalid escape) was told when it was first parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
