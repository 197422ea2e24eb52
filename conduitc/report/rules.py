"""Every rule of the compiler, found where it is raised.

Only ``explain`` and the tests ask; a rule is a module constant, so asking means importing. Modules without
one are not imported: some of them are slow to.
"""

from importlib import import_module
from pkgutil import walk_packages

import conduitc
from conduitc.diagnostics import Rule


def all_rules() -> tuple[Rule, ...]:
    """The rules in the order of their codes.

    Raises:
        ValueError: two rules share a code or a slug.
    """
    found: dict[str, Rule] = {}
    for name in _modules():
        for value in vars(import_module(name)).values():
            if isinstance(value, Rule) and found.setdefault(value.code, value) != value:
                raise ValueError(f"{value.code} stands for two rules")
    rules = tuple(found[code] for code in sorted(found))
    if len({rule.slug for rule in rules}) < len(rules):
        raise ValueError("two rules share a slug")
    return rules


def _modules() -> list[str]:
    """Modules that make a rule."""
    found = []
    for info in walk_packages(conduitc.__path__, "conduitc."):
        spec = info.module_finder.find_spec(info.name, None)
        source = getattr(spec.loader, "get_source", lambda name: "")(info.name) if spec else ""
        if "= Rule(" in (source or ""):
            found.append(info.name)
    return sorted(found)
