"""Mutation score of the matcher's lowering and of the passes about conflicts; ``python -m tests.mutation``.

Tests are collected once, run once to see which lines each of them reaches, and then, in a forked child for
every mutant, those that reach the mutated lines, the fastest first, until one fails. The child changes the
imported module in place: code of functions, defaults, constants wherever they were imported.

A mutant is killed if a test fails or takes far too long. Those in ``equivalent.txt`` change nothing that
could be seen, with the reason; they are counted apart.

Arguments: names of modules (all without), ``-j N`` processes, ``-s N`` only every N-th mutant, ``-a FILE``
only those again that survived by an earlier output.
"""

import argparse
import ast
import gc
import os
import resource
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parent.parent.parent

#: What is mutated, and the least score of all of them together.
MODULES = (
    "conduitc/codegen/plan.py",
    "conduitc/codegen/perfect_hash.py",
    "conduitc/codegen/tables.py",
    "conduitc/codegen/dispatch_python.py",
    "runtime/conduit/http/finder.py",
    "conduitc/passes/conflicts.py",
    "conduitc/passes/unreachable.py",
    "conduitc/passes/hiding.py",
    "conduitc/passes/conditions.py",
    "conduitc/passes/alphabet.py",
    "conduitc/passes/language.py",
)
LEAST = 80

#: The fast ones: planted programs and valid tables, which take longer, could only kill more.
TESTS = (
    "tests/conflicts/test_cases.py",
    "tests/conflicts/test_conditions.py",
    "tests/conflicts/test_values.py",
    "tests/conflicts/test_brute_force.py",
    "tests/conflicts/test_reports.py",
    "tests/conflicts/test_alphabet.py",
    "tests/passes/test_conflicts.py",
    "tests/passes/test_language.py",
    "tests/dispatch/test_plan.py",
    "tests/dispatch/test_perfect_hash.py",
    "tests/dispatch/test_tables.py",
    "tests/dispatch/test_finder.py",
    "tests/dispatch/test_emitted.py",
    "tests/dispatch/test_differential.py",
)
#: Slow, and nothing that the others do not say.
LEFT_OUT = ("compiled_tables", "cython_text", "on_programs", "imports_nothing", "10000]", "4096]")

#: A test may take so many times the processor's time that it took, traced, and so many seconds more.
SLOWER, SPARE = 2, 1
MEMORY = 4 << 30


class Plugin:
    """Takes over once pytest has collected."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.failed = False

    def pytest_runtestloop(self, session: Any) -> bool:
        items = [one for one in session.items if not any(part in one.nodeid for part in LEFT_OUT)]
        reach = Reach(items)
        self.failed = not score(self.options, reach)
        return True


class Reach:
    """The lines that each test reaches, and how long it takes."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.files = {str(ROOT / module): module for module in MODULES}
        self.lines: dict[tuple[str, int], set[int]] = {}
        self.seconds: list[float] = []
        self.items = items
        for number, item in enumerate(items):
            self._number = number
            started = time.process_time()
            sys.settrace(self._call)
            try:
                passed = run(item)
            finally:
                sys.settrace(None)
            self.seconds.append(time.process_time() - started)
            if not passed:
                raise SystemExit(f"fails without any mutant: {item.nodeid}")

    def _call(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._line if frame.f_code.co_filename in self.files else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        key = (self.files[frame.f_code.co_filename], frame.f_lineno)
        self.lines.setdefault(key, set()).add(self._number)
        return self._line

    def tests(self, module: str, lines: range | None) -> list[int]:
        """Those that reach some of the lines, or the module at all; the fastest first."""
        found = {
            number
            for (file, line), numbers in self.lines.items()
            if file == module and (lines is None or line in lines)
            for number in numbers
        }
        return sorted(found, key=lambda number: self.seconds[number])


def run(item: Any) -> bool:
    """Run one test; fixtures of the session stay."""
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=item.session)
    return not any(one.failed for one in reports)


def score(options: argparse.Namespace, reach: Reach) -> bool:
    """Try every mutant and print what became of them; was it enough?"""
    known = equivalents()
    again = survivors(options.again) if options.again else None
    total = [0, 0]
    gc.freeze()
    for module in [one for one in MODULES if not options.modules or Path(one).stem in options.modules]:
        survived, equal, killed, late = [], 0, 0, 0
        for mutant, ended in outcomes(module, reach, options.jobs, options.sample, again):
            killed += ended == "killed"
            late += ended == "late"
            if ended == "survived":
                reason = known.get((module, mutant.source, mutant.change))
                equal += reason is not None
                survived += [str(mutant)] if reason is None else []
        counted = killed + late + len(survived)
        total = [total[0] + killed + late, total[1] + counted]
        percent = 100 * (killed + late) / max(counted, 1)
        print(
            f"{module}: {percent:.1f} % of {counted} ({killed} killed, {late} took too long, "
            f"{len(survived)} survived; {equal} equivalent)",
            flush=True,
        )
        for text in survived:
            print(f"    survived {text}", flush=True)
    percent = 100 * total[0] / max(total[1], 1)
    print(f"mutation score: {percent:.1f} % of {total[1]} (at least {LEAST})")
    return percent >= LEAST


def equivalents() -> dict[tuple[str, str, str], str]:
    """Mutants that change nothing: lines ``module | source line | before  ->  after | reason``."""
    lines = (ROOT / "tests/mutation/equivalent.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line and not line.startswith("#")]
    return {(module, source, change): reason for module, source, change, reason in rows}


def survivors(file: str) -> set[str]:
    """Module and change of those that an earlier output names."""
    found, module = set(), ""
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        if line.startswith("    survived "):
            found.add(f"{module} {line.partition(': ')[2]}")
        elif line.endswith("equivalent)"):
            module = line.partition(":")[0].lstrip(".F")
    return found


def outcomes(
    module: str, reach: Reach, jobs: int, sample: int, again: set[str] | None
) -> Iterator[tuple[Mutant, str]]:
    """Each mutant, and ``killed``, ``late`` or ``survived``."""
    source = (ROOT / module).read_text(encoding="utf-8")
    inside = _function_lines(ast.parse(source))
    running: dict[int, Mutant] = {}

    def ended() -> tuple[Mutant, str]:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        outcome = "late" if code == -signal.SIGPROF else "killed" if code else "survived"
        return running.pop(pid), outcome

    for mutant in list(mutants(source))[::sample]:
        if again is not None and f"{module} {mutant.change}" not in again:
            continue
        lines = range(mutant.line, mutant.end + 1) if mutant.line in inside else None
        numbers = reach.tests(module, lines)
        while len(running) >= jobs:
            yield ended()
        pid = os.fork()
        if not pid:
            _child(module, mutant.tree, reach, numbers)
        running[pid] = mutant
    while running:
        yield ended()


def _function_lines(tree: ast.Module) -> set[int]:
    """Lines of function bodies; what stands outside may matter to any test."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found.update(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
    return found


def _child(module: str, tree: ast.Module, reach: Reach, numbers: Sequence[int]) -> None:
    """Apply a mutant and run tests; never returns."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        apply(module, tree)
        for number in numbers:
            signal.setitimer(signal.ITIMER_PROF, reach.seconds[number] * SLOWER + SPARE)
            if not run(reach.items[number]):
                os._exit(1)
    except BaseException:
        os._exit(1)  # it cannot even be imported, or it breaks the test's own frame
    os._exit(0)


def apply(module: str, tree: ast.Module) -> None:
    """Make the imported module what ``tree`` says."""
    name = module.removeprefix("runtime/").removesuffix(".py").replace("/", ".")
    old = sys.modules[name]
    new = ModuleType(name)
    new.__file__ = old.__file__
    exec(compile(tree, str(old.__file__), "exec"), new.__dict__)
    for key, value in vars(new).items():
        before = vars(old).get(key)
        if isinstance(value, FunctionType) and value.__module__ == name:
            _swap(before, value)
        elif isinstance(value, type) and value.__module__ == name:
            for inner, member in vars(value).items():
                _swap(_function(vars(before).get(inner)), _function(member))
        elif not key.startswith("__") and not isinstance(value, type | ModuleType | FunctionType):
            _rebind(key, before, value)


def _function(member: Any) -> Any:
    """The function behind a method, a property or a cached one."""
    return getattr(member, "fget", None) or getattr(member, "func", None) or member


def _swap(old: Any, new: Any) -> None:
    if isinstance(old, FunctionType) and isinstance(new.__code__, CodeType):
        old.__code__, old.__defaults__, old.__kwdefaults__ = (
            new.__code__,
            new.__defaults__,
            new.__kwdefaults__,
        )


def _rebind(name: str, old: object, new: object) -> None:
    """Constants, in every module that has them."""
    for one in list(sys.modules.values()):
        if one is not None and vars(one).get(name, _rebind) is old:
            setattr(one, name, new)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", help="names such as plan or hiding")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("-s", "--sample", type=int, default=1)
    parser.add_argument("-a", "--again", metavar="FILE")
    options = parser.parse_args()
    os.chdir(ROOT)
    os.environ.pop("CONDUIT_SOAK", None)
    os.environ["CONDUIT_TABLES"] = "30"

    import pytest
    from hypothesis import Phase, settings

    settings.register_profile("mutation", phases=(Phase.explicit, Phase.generate))
    settings.load_profile("mutation")
    plugin = Plugin(options)
    tests = [one for one in TESTS if (ROOT / one).exists()]
    pytest.main(["-q", "-s", "-p", "no:cacheprovider", "-p", "no:faulthandler", *tests], plugins=[plugin])
    return int(plugin.failed)


if __name__ == "__main__":
    sys.exit(main())
