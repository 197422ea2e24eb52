"""``BearerJWT``: tokens that are signed, verified with the public keys of who makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conduit.auth.policy import Policy, is_safe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from conduit.auth.fetched import Keyring
    from conduit.auth.token import Token

#: None of these is "none".
_ALGORITHMS = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES", "HS") for bits in (256, 384, 512)) | {
    "EdDSA"
}


class BearerJWT:
    """``keys`` is the address of the issuer's key set (https), the set itself, PEM texts of public keys, or,
    with ``algorithm="HS256"`` (or 384, 512), a secret.

    A token must be of ``issuer``, made for one of ``audience`` (the names of the service, its address first),
    and have a time at which it expires. ``scopes`` are what each token needs, ``algorithm`` narrows down how
    it may be signed, ``leeway`` is by how many seconds the issuer's clock may be ahead.
    """

    #: Seconds for which what was verified is taken on trust: so long a key may live on that was withdrawn.
    remember = 300.0

    def __init__(
        self,
        keys: str | bytes | Mapping[str, Any] | Sequence[str],
        *,
        issuer: str,
        audience: str | Sequence[str],
        scopes: Sequence[str] = (),
        algorithm: str | None = None,
        leeway: float = 30,
    ) -> None:
        self.policy = Policy(audience, issuer, scopes)
        if not issuer or not self.policy.audience:
            raise ValueError("a token is of an issuer, and made for an audience: name both")
        if algorithm is not None and algorithm not in _ALGORITHMS:
            raise ValueError(f"algorithm= is one of {', '.join(sorted(_ALGORITHMS))}")
        if _is_address(keys) and algorithm is not None and algorithm.startswith("HS"):
            raise ValueError("a secret is no address, and keys at an address are no secrets")
        if _is_address(keys) and not is_safe(str(keys)):
            raise ValueError("keys= is an address without TLS: whoever is on the way could give other keys")
        self._keys = keys
        self._algorithm = algorithm
        self._leeway = leeway
        self._ring: Keyring | None = None

    def prepare(self) -> None:
        """Import what verifies, and read the keys that are given; those at an address are fetched when the
        first token comes.

        Raises:
            ImportError: PyJWT or cryptography is not installed.
            ValueError: the keys are none.
        """
        self._ring = self._read()

    def _read(self) -> Keyring:
        from conduit.auth.fetched import Fetched, Given

        try:
            from conduit.auth import keys, verifying  # noqa: F401  # a token needs both
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] not in ("jwt", "cryptography"):
                raise
            why = "BearerJWT needs PyJWT and cryptography: pip install 'conduitc[auth]'"
            raise ImportError(why) from error
        if _is_address(self._keys):
            return Fetched(str(self._keys), self._algorithm)
        return Given(keys.read(self._keys, self._algorithm))

    def check(self, text: str) -> Token | Awaitable[Token]:
        """The token; to be awaited where its key has to be fetched.

        Raises:
            Invalid: it is not accepted.
        """
        from conduit.auth import verifying

        ring = self._ring
        if ring is None:
            ring = self._ring = self._read()
        header = verifying.header_of(text)
        if ring.wants(header.get("kid")):
            return self._after_fetch(text, header, ring)
        return verifying.verified(text, verifying.fitting(ring.keys, header), self.policy, self._leeway)

    async def _after_fetch(self, text: str, header: dict[str, Any], ring: Keyring) -> Token:
        from conduit.auth import verifying

        await ring.fetch()
        return verifying.verified(text, verifying.fitting(ring.keys, header), self.policy, self._leeway)


def _is_address(keys: object) -> bool:
    return isinstance(keys, str) and keys.startswith(("https://", "http://"))
