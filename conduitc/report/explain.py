"""A rule → its page: what it says, why, wrong and right."""

import textwrap

from conduitc.diagnostics import Rule

_CLASSES = {"error": "an error", "warning": "a warning", "info": "a hint"}


def find(name: str, rules: tuple[Rule, ...]) -> Rule | None:
    """The rule of that code or slug, in whatever case; the number alone will do."""
    wanted = name.strip().lower()
    return next(
        (rule for rule in rules if wanted in {rule.code.lower(), rule.code[3:], rule.slug.lower()}), None
    )


def near(name: str, rules: tuple[Rule, ...]) -> str:
    """What to say where there is no such rule."""
    from difflib import get_close_matches

    names = [rule.slug for rule in rules] + [rule.code for rule in rules]
    match = get_close_matches(name.lower(), names, 1) or get_close_matches(name.upper(), names, 1)
    return f"there is no rule {name}" + (f"; did you mean {match[0]}?" if match else "")


def page(rule: Rule) -> str:
    """The rule's page as plain text."""
    head = f"{rule.code} {rule.slug}"
    parts = [
        f"{head}\n{'=' * len(head)}",
        f"{rule.message}\n({_CLASSES[rule.severity]})",
        "\n".join(textwrap.wrap(rule.docs, 92)),
    ]
    for title, case in (("Wrong:", rule.bad), ("Right:", rule.good)):
        if case:
            parts.append(f"{title}\n\n{textwrap.indent(case.rstrip(), '    ')}")
    return "\n\n".join(parts)
