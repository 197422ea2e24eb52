"""Every operation alone, on the values where C and Python part ways."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduitc import toolchain
from tests.numeric.compiled import Both, both
from tests.numeric.outcome import outcome

pytestmark = pytest.mark.skipif(toolchain.available() is not None, reason="no C compiler")

EDGE = 2**63
INTS = (
    *(
        EDGE - 1,
        -EDGE,
        -EDGE + 1,
        EDGE,
        -EDGE - 1,
        0,
        1,
        -1,
        2,
        -2,
        3,
        7,
        -7,
        62,
        63,
        64,
        65,
        2**31,
        2**53,
        2**53 + 1,
    ),
    *(-(2**53) - 1, 2**32, 3037000500, -3037000500, 2**62, 2**80),
)
FLOATS = (
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 3.0, -3.0, 1e308, -1e308, 5e-324, -5e-324, 1e16),
    *(float("inf"), float("-inf"), float("nan"), 2.0**53, 2.0**63, -(2.0**63), 2.0**64, 9007199254740993.5),
)
WHOLES = st.one_of(st.sampled_from(INTS), st.integers(-(2**64), 2**64), st.integers(-20, 70))
REALS = st.one_of(st.sampled_from(FLOATS), st.floats())

OF_INTS = (
    *(
        "a + b",
        "a - b",
        "a * b",
        "a // b",
        "a % b",
        "a / b",
        "a << b % 70",
        "a << b",
        "a >> b",
        "a & b",
        "a | b",
    ),
    *(
        "a ^ b",
        "-a",
        "+a",
        "~a",
        "abs(a)",
        "a ** 2",
        "a ** 3",
        "a ** (b % 20)",
        "min(a, b)",
        "max(a, b, 0)",
        "not a",
    ),
    *(
        "a < b",
        "a == b",
        "a <= b != a",
        "float(a)",
        "bool(a)",
        "a and b",
        "a // 2",
        "a % 2",
        "a // 1",
        "a % 1",
        "a or b",
        "a if a > b else b",
        "a + True",
    ),
    *(
        "math.sqrt(a)",
        "math.log(a)",
        "a // 1024",
        "a % 4611686018427387904",
        "a % -2",
        "a // -2",
        "a < 0.5",
        "a * 0.5",
        "a == 9007199254740992.0",
        "round(a)",
        "int(a)",
        "a - 1.5",
    ),
)
OF_FLOATS = (
    *(
        "x + y",
        "x - y",
        "x * y",
        "x / y",
        "x // y",
        "x % y",
        "x ** y",
        "x ** 2",
        "x ** -1",
        "x ** 0.5",
        "-x",
        "+x",
    ),
    *(
        "abs(x)",
        "min(x, y)",
        "max(x, y)",
        "x < y",
        "x <= y",
        "x == y",
        "x != y",
        "x < y < 1.0",
        "int(x)",
        "round(x)",
    ),
    *(
        "bool(x)",
        "not x",
        "x and y",
        "x or y",
        "x if x > y else y",
        "x > 3",
        "9007199254740993 < x",
        "x == 0",
    ),
    *(
        "math.floor(x)",
        "math.ceil(x)",
        "math.trunc(x)",
        "math.sqrt(x)",
        "math.sin(x)",
        "math.cos(x)",
        "math.tan(x)",
    ),
    *("math.exp(x)", "math.log(x)", "math.log2(x)", "math.log10(x)", "math.atan2(x, y)", "math.fmod(x, y)"),
    *(
        "math.pow(x, y)",
        "math.copysign(x, y)",
        "math.isnan(x)",
        "math.isinf(x)",
        "math.isfinite(x)",
        "math.fabs(x)",
    ),
    *(
        "math.asin(x)",
        "math.acos(x)",
        "math.atan(x)",
        "math.sinh(x)",
        "math.cosh(x)",
        "math.tanh(x)",
        "x * math.pi",
    ),
)


def _function(name: str, parameters: str, expression: str) -> str:
    """Two turns: the second starts from what the first left."""
    return f"""
def {name}({parameters}):
    r = {expression} if SURE else None
    for i in range(2):
        r = {expression}
    return r, i
"""


SEQUENCES = """
def at_float(values: list[float], i: int):
    r = 0
    for one in range(2):
        r += values[i] * 0.5
    return r


def at_int(values: list[int], i: int):
    r = 0
    for one in range(2):
        r += values[i] + len(values)
    return r


def at_byte(values: bytes, i: int):
    r = 0
    for one in range(2):
        r += values[i] + len(values)
    return r


def over(values: "list[int]", i: int):
    r = 0
    while i < len(values) and values[i] != 3:
        r = max(r, values[i - 1])
        i += 1
    return r, i
"""


def _text() -> str:
    parts = ['"""Operations."""\nimport math\n\nSURE = False\n']
    parts += [_function(f"int_{index}", "a: int, b: int", one) for index, one in enumerate(OF_INTS)]
    parts += [_function(f"float_{index}", "x: float, y: float", one) for index, one in enumerate(OF_FLOATS)]
    parts.append("""
def counted(a: int, b: int, c: int):
    count = last = 0
    for one in range(1):
        for last in range(a, b, c):
            count += 1
            if count > 5:
                break
    return count, last
""")
    parts.append(SEQUENCES)
    return "\n".join(parts)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    found = both(_text(), tmp_path_factory.mktemp("operations"))
    assert found.loops.left == ()
    yield found


RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@RELAXED
@given(a=WHOLES, b=WHOLES)
def test_ints(made: Both, a: int, b: int) -> None:
    for index, expression in enumerate(OF_INTS):
        if "<< b" in expression and b > 10_000 and expression == "a << b":
            continue  # Python would fill the memory
        _same(made, f"int_{index}", (a, b), expression)


@RELAXED
@given(x=REALS, y=REALS)
def test_floats(made: Both, x: float, y: float) -> None:
    for index, expression in enumerate(OF_FLOATS):
        _same(made, f"float_{index}", (x, y), expression)


def test_edges(made: Both) -> None:
    for index, expression in enumerate(OF_INTS):
        for a in INTS:
            for b in INTS:
                if expression != "a << b" or b < 10_000:
                    _same(made, f"int_{index}", (a, b), expression)
    for index, expression in enumerate(OF_FLOATS):
        for x in FLOATS:
            for y in FLOATS:
                _same(made, f"float_{index}", (x, y), expression)


@RELAXED
@given(a=WHOLES, b=WHOLES, c=st.one_of(WHOLES, st.integers(-3, 3)))
def test_ranges(made: Both, a: int, b: int, c: int) -> None:
    _same(made, "counted", (a, b, c), "range")


SMALL = st.integers(-5, 5)


@RELAXED
@given(
    floats=st.lists(st.one_of(REALS, SMALL), max_size=4),
    ints=st.lists(st.one_of(SMALL, WHOLES, st.booleans()), max_size=4),
    data=st.binary(max_size=4),
    index=st.one_of(SMALL, st.sampled_from((2**63, -(2**63), True))),
)
def test_elements(made: Both, floats: list[float], ints: list[int], data: bytes, index: int) -> None:
    for name, values in (("at_float", floats), ("at_int", ints), ("at_byte", data), ("over", ints)):
        for one in (values, tuple(values), bytearray(data)):
            _same(made, name, (one, index), name)


def _same(made: Both, name: str, given: tuple[object, ...], expression: str) -> None:
    expected = outcome(getattr(made.python, name), given)
    found = outcome(getattr(made.ours, name), given)
    assert found == expected, f"{expression} with {given}"


def test_what_c_can_do_is_done_by_c(made: Both) -> None:
    """The loops do not simply leave everything to Python."""
    number = 0
    for expressions, values in ((OF_INTS, (7, 3)), (OF_FLOATS, (0.75, 0.5))):
        for expression in expressions:
            loop = getattr(made.ours, f"_conduit_loop_{number}")
            one = made.loops.modules[0].loops[number]
            names = {
                "a": values[0],
                "b": values[1],
                "x": values[0],
                "y": values[1],
                "math.pi": 3.141592653589793,
            }
            callees = [eval(written, {"math": __import__("math")}) for written, _ in one.callees]
            result = loop(range(2), *callees, *(names[variable.name] for variable in one.given))
            done = result is not None and result[:2] == ((), 1)
            assert done or "9007199254740993" in expression, expression
            number += 1
