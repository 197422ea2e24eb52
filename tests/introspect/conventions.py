"""Patterns made by hand, as mining would give them."""

from hashlib import sha256

from conduitc.ir.patterns import Follower, Pattern
from conduitc.span import Span


def convention(
    category: str, template: str, name: str, support: int = 9, n: int = 10, text: str = "", **rest: object
) -> Pattern:
    """One that ``support`` of ``n`` follow, in a.py; its confidence is made up."""
    digest = sha256(f"{category}\n{template}".encode()).hexdigest()[:12]
    shown = Follower("", Span("a.py", 3, 1, 4, 10))
    given: dict[str, object] = {
        "holes": (),
        "population": "handlers",
        "confidence": round(0.95 * support / n, 4),
        "lift": 1.0,
        "files": ("a.py",),
        "followers": (shown,) * min(support, 2),
        "exceptions": (Follower("", Span("b.py", 8, 1, 9, 2), "no such parameter"),) if n > support else (),
        "example": shown,
        "example_text": text or template,
        **rest,
    }
    return Pattern(
        id=f"pattern:{category}/{digest}",
        category=category,
        name=name,
        template=template,
        support=support,
        n=n,
        **given,  # type: ignore[arg-type]
    )


AUTH = convention(
    "auth",
    "{name}: User = Depends(get_current_user)",
    "handlers take user: User = Depends(get_current_user)",
    text="@router.get('/me')\nasync def me(user: User = Depends(get_current_user)) -> User:\n    return user",
    holes=(("name", ("user", "caller")),),
)
ERROR = convention(
    "error",
    "raise HTTPException(status_code=404, detail={detail})",
    "what is not found is answered by HTTPException(404)",
    support=6,
    n=7,
    holes=(("detail", ("'no such item'", "'no such user'")),),
)
TEST = convention("test", "{answer} = client.{method}({path})", "tests ask by client", support=5, n=5)
CONVENTIONS = (AUTH, ERROR, TEST)
