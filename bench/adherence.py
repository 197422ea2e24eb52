"""Does a model that is told how a code base does things write code that does them so?

    python bench/adherence.py --url http://127.0.0.1:11434/v1 --model NAME

Fixed tasks (adherence_tasks.toml) are given to a model twice: with what `ask` and `patterns` answer about
the code base, and without. What it writes is put into a copy of the code base, never run: `conduitc check`
reads it, and the templates of the conventions that the task calls for are matched with it. Both are fed
back, up to ``--iterations`` answers; without the answers the model is told how many conventions it does not
follow, but not which. Adherence is the share of conventions followed. The key is taken from ``--key-env``.
Without a model nothing is measured.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from adherence_task import ROOT, Judged, Task, called_for, codebase_of, judge, tasks
from chat import ChatError, Message, Model, code_of
from common import goal, table
from conduit.introspect import Codebase

#: The goal: that share of conventions is followed after that many answers.
SHARE, WITHIN = 0.95, 2
SYSTEM = (
    "You write Python for the project you are shown. Answer with one block of code and nothing else: "
    "the whole content of the file you are asked for."
)


class Run(NamedTuple):
    """A task with or without the answers: how each answer was judged; ``why`` it ended early."""

    task: Task
    helped: bool
    judged: tuple[Judged, ...]
    why: str = ""

    def followed(self, after: int) -> int:
        """How many conventions are followed by the last of the first ``after`` answers."""
        last = self.judged[:after][-1:]
        return last[0].total - len(last[0].missing) if last else 0


def help_for(codebase: Codebase, task: Task) -> str:
    """How things are done here, as a model is told: the answers, and the first patterns of each category."""
    parts = []
    for answer in codebase.how_do_i(task.ask)["answers"]:
        example = (answer.get("example") or {}).get("text", "")
        parts.append(f"{answer['title']} ({answer['why']})\n{example}".rstrip())
    for category in dict.fromkeys(category for category, _ in task.follow):
        for one in codebase.patterns(category, limit=6)["patterns"]:
            whole = codebase.pattern(one["id"])
            parts.append(
                f"{one['name']} ({one['support']} of {one['n']})\n"
                f"template: {one['template']}\n{whole['example']['text']}"
            )
    return "How this code base does it, from its own introspection:\n\n" + "\n\n".join(dict.fromkeys(parts))


def opening(task: Task, source: Path, helped: str) -> list[Message]:
    """The first messages: the files there are, the entry, the task, and the answers where they are given."""
    files = sorted(one.relative_to(source).as_posix() for one in source.rglob("*.py"))
    words = [
        "\n".join(["The files of the project:", *files]),
        f"{task.entry}:\n{(source / task.entry).read_text('utf-8')}",
        helped,
        f"Write {task.file}. {task.task}",
        f"This will be added to {task.entry}:\n{task.wire}" if task.wire else "",
    ]
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "\n\n".join(filter(None, words))},
    ]


def review(judged: Judged, helped: bool) -> str:
    """What is fed back."""
    lines = [f"`conduitc check`: {one}" for one in judged.findings]
    if helped:
        lines += [
            f"Not followed: {one['name']}\ntemplate: {one['template']}\n{one['example']['text']}"
            for one in judged.missing
        ]
    elif judged.missing:
        lines.append(f"{len(judged.missing)} of {judged.total} conventions of this project are not followed.")
    return "\n\n".join([*lines, "Write the whole file again."])


def run(model: Model, task: Task, codebase: Codebase, helped: bool, iterations: int) -> Run:
    """One task, up to ``iterations`` answers."""
    source = ROOT / task.code
    wanted = called_for(codebase, task)
    messages = opening(task, source, help_for(codebase, task) if helped else "")
    judged: list[Judged] = []
    while len(judged) < iterations and not (judged and judged[-1].done):
        try:
            said = model.complete(messages)
        except ChatError as error:
            return Run(task, helped, tuple(judged), str(error))
        judged.append(judge(task, code_of(said), wanted, source))
        messages += [
            {"role": "assistant", "content": said},
            {"role": "user", "content": review(judged[-1], helped)},
        ]
    return Run(task, helped, tuple(judged))


def report(runs: Sequence[Run], iterations: int) -> bool:
    """Print the table and whether the goal is reached."""
    rows = []
    for one in runs:
        total = len(one.task.follow)
        shares = [f"{one.followed(after)}/{total}" for after in (1, WITHIN, iterations)]
        ended = (
            str(len(one.judged)) if one.judged and one.judged[-1].done else one.why or f"not in {iterations}"
        )
        rows.append([f"{one.task.name}, {'with' if one.helped else 'without'}", *shares, ended])
    print(
        table(["task, answers", "after 1", f"after {WITHIN}", f"after {iterations}", "answers needed"], rows)
    )
    for helped in (True, False):
        chosen = [one for one in runs if one.helped is helped]
        total = sum(len(one.task.follow) for one in chosen)
        done = [len(one.judged) for one in chosen if one.judged and one.judged[-1].done]
        share = sum(one.followed(WITHIN) for one in chosen) / max(total, 1)
        mean = f"{sum(done) / len(done):.2f} answers on average" if done else "none"
        words = "with" if helped else "without"
        print(f"\n{words} the answers: {len(done)} of {len(chosen)} tasks done, {mean}")
        if helped:
            print(goal(f"adherence after {WITHIN} answers", share, least=SHARE))
            reached = share >= SHARE
        else:
            print(f"adherence after {WITHIN} answers: {share:.2f}")
    return reached


def main() -> int:
    """The table; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", help="for instance http://127.0.0.1:11434/v1")
    parser.add_argument("--model")
    parser.add_argument("--key-env", default="OPENAI_API_KEY", help="the variable that holds the key")
    parser.add_argument("--iterations", type=int, default=4)
    parser.add_argument("names", nargs="*", help="tasks; all where none is named")
    arguments = parser.parse_args()
    if not arguments.url or not arguments.model:
        print("not measured: no model was given (--url, --model)")
        return 0
    model = Model(arguments.url, arguments.model, os.environ.get(arguments.key_env, ""))
    codebases: dict[str, Codebase] = {}
    runs = []
    for task in tasks():
        if arguments.names and task.name not in arguments.names:
            continue
        about = f"{task.code}/{task.entry}"
        if about not in codebases:
            codebases[about] = codebase_of(str(ROOT / about))
        runs += [run(model, task, codebases[about], one, arguments.iterations) for one in (True, False)]
    return 0 if report(runs, arguments.iterations) else 1


if __name__ == "__main__":
    sys.exit(main())
