"""Changed sources → what is wrong with them, before they are written: Python and libcst must both read them.

libcst runs in the child of ``rewrite``: it may crash or hang on what users write.
"""

import json
import re
import warnings
from collections.abc import Mapping

from conduitc.frontend.edits import LINE_END
from conduitc.frontend.rewrite import run_child

#: The line end of old Macintoshes: Python reads it, libcst loses the last one.
_LONE = re.compile(r"\r(?!\n)")


def faults(texts: Mapping[str, str]) -> dict[str, str]:
    """``{file: text}`` → ``{file: why}`` for those that are no good."""
    found = {file: why for file, text in texts.items() if (why := _fault(text))}
    texts = {file: _LONE.sub("\n", text) for file, text in texts.items()}
    waiting = [file for file in texts if file not in found]
    while waiting:
        work = [(texts[file], None, False) for file in waiting]
        output, ending = run_child(json.dumps(work) + "\n")
        answers = output.split("\n")[:-1]  # a line without its end was cut off
        for file, answer in zip(waiting, answers, strict=False):
            given = json.loads(answer)
            if given[0] != texts[file]:
                found[file] = given[1] if len(given) > 1 else "libcst does not give back what it read"
        if len(answers) < len(waiting):
            found[waiting[len(answers)]] = ending
        waiting = waiting[len(answers) + 1 :]
    return found


def _fault(text: str) -> str | None:
    """Why Python refuses a text; ``compile`` sees more than ``ast``, such as an ``await`` in a ``def``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(LINE_END.sub("\n", text), "fixed", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"Python would refuse the result: {getattr(error, 'msg', None) or error}"
    return None
