"""``conduitc introspect METADATA|APP [COMMAND]``: ask about a build, or about a source file without one.

Imports neither typer nor argparse, and the compiler only for a source: on a build this is done in a few
milliseconds.
"""

from __future__ import annotations

import os
import sys

from conduit.introspect.codebase import Codebase
from conduit.introspect.errors import MetadataError, QueryError
from conduit.introspect.store import locate, read_files

from conduitc.cli.out import Refused, put, put_json
from conduitc.cli.questions import DOOR, NAMES, SERVER, USAGE, asked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from conduit.introspect.audit import Audit

    from conduitc.analysis import Analysis
    from conduitc.cli.questions import Asked
    from conduitc.kept import Kept


class _Failure(Exception):
    """Ends the command: exit code and message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def introspect_command(arguments: list[str]) -> int:
    """Answer one question; the exit code."""
    if arguments[1:2] == [DOOR]:
        return _serve(arguments[0], arguments[2:])
    if "-h" in arguments or "--help" in arguments:
        put(USAGE)
        return 0
    if arguments[1:2] == [NAMES]:
        return _complete(arguments[0], arguments[2:])
    try:
        question = asked(arguments)
        if question.command == SERVER:
            from conduitc.cli.introspect_mcp import mcp_command

            return mcp_command(question.target, question.audit)
        if question.review:
            return _reviewed(question)
        answer = _audited(question)
    except Refused as refusal:
        return _refuse(2, str(refusal))
    except _Failure as failure:
        return _refuse(failure.code, str(failure))
    (put_json if question.form == "json" else put)(answer)
    return 0


def _serve(target: str, words: list[str]) -> int:
    path = locate(target)
    if path is None:
        return _refuse(2, f"{target}: no build and no metadata.json; {DOOR} needs one")
    from conduit.introspect.serving.alone import serve

    return serve(path, words, f"conduitc introspect {target} {DOOR}")


def _refuse(code: int, why: str) -> int:
    from conduit.introspect.tables import plain

    print("conduitc introspect: " + "\n".join(map(plain, why.split("\n"))), file=sys.stderr)
    return code


def _audited(question: Asked) -> str:
    """The answer; the line that tells of it is written first, for an answer without one must not go out."""
    if question.audit is None:
        return _answered(question)
    try:
        from conduit.introspect.audit import Audit

        audit = Audit(question.audit)
        outcome = "failed"
        try:
            answer = _answered(question)
            outcome = "ok"
            return answer
        except _Failure as failure:
            outcome = "no answer" if failure.code == 1 else "refused"
            raise
        finally:
            _note(audit, question, outcome)
            audit.close()
    except OSError as error:
        raise _Failure(2, f"{question.audit}: cannot be written: {error.strerror}") from None


def _reviewed(question: Asked) -> int:
    """Decisions instead of an answer; who looks at all patterns is told like any other."""
    from conduitc.cli.review import review_command

    if question.audit is not None:
        _audited(question)
    return review_command(question.target, _codebase(question.target).export()["patterns"], question.file)


def _note(audit: Audit, question: Asked, outcome: str) -> None:
    audit.write("cli", question.query, question.arguments, outcome, target=question.target)


def _answered(question: Asked) -> str:
    codebase = _codebase(question.target)
    try:
        answer = codebase.answer(question.query, **question.arguments)
    except QueryError as error:
        raise _Failure(2 if error.code == "wrong" else 1, _told(error)) from None
    if question.form == "ai":
        from conduit.introspect.tools.ai_text import ai_text

        return ai_text(codebase).rstrip("\n")
    from conduit.introspect.render import render

    return render(question.query, answer, question.form)


def _told(error: QueryError) -> str:
    from conduit.introspect.tables import plain

    if error.code == "ambiguous":
        return "\n".join([f"{plain(error.message)}:", *(f"  {plain(one)}" for one in error.candidates)])
    close = " or ".join(map(plain, error.candidates))
    return plain(error.message) + (f"; did you mean {close}?" if close else "")


def _complete(target: str, words: list[str]) -> int:
    """For shells: what may follow, a line each; nothing where there is no build."""
    path = locate(target)
    if path is None:
        return 0
    try:
        from conduit.introspect.completing import names_after

        put("".join(f"{name}\n" for name in names_after(Codebase(*read_files(path)), words)), end="")
    except (OSError, MetadataError):
        return 0
    return 0


def _codebase(target: str) -> Codebase:
    """Of a build where ``target`` is one, else of the app compiled in memory."""
    path = locate(target)
    if path is None and not os.path.exists(target):
        from conduitc.cli.served import mend

        mend(target)
        path = locate(target)
    if path is None and target.endswith(".json"):
        why = "it is no regular file" if os.path.lexists(target) else "no such file"
        raise _Failure(2, f"{target}: {why}")
    try:
        return Codebase(*read_files(path)) if path else Codebase(_compiled(target))
    except (OSError, MetadataError) as error:
        raise _Failure(2, f"{target}: {getattr(error, 'strerror', None) or error}") from None


def _compiled(target: str) -> bytes:
    from conduitc.cli.findings import shown
    from conduitc.driver import analyse

    analysis = analyse(target)
    if analysis.app is None:
        raise _Failure(1, f"{target} cannot be analysed\n{shown(analysis.diagnostics, target)}")
    return metadata_of(analysis)


def metadata_of(analysis: Analysis, kept: Kept | None = None) -> bytes:
    """The metadata.json of an app that was analysed; ``kept`` is what was written before."""
    from conduitc.codegen.metadata import emit_metadata
    from conduitc.mined import patterns_of

    assert analysis.app is not None
    return emit_metadata(analysis.app, analysis.diagnostics, patterns_of(analysis), kept=kept).encode()
