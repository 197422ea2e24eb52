"""Keys → a minimal perfect hash: as many slots as keys, one probe a lookup ("hash and displace").

A key's hash picks a bucket; the bucket's displacement either *is* the slot (the bucket holds one key) or is
mixed into the hash to give it. The C side is ``conduit_hash`` and ``conduit_lookup`` in
``dispatch.h.jinja``, and must compute the same.
"""

from collections.abc import Sequence

from msgspec import Struct

#: Marks a displacement that is a slot.
DIRECT = 1 << 31

_MASK = (1 << 64) - 1
_LOW = (1 << 32) - 1
_SIZE_FACTOR = 0x9E3779B97F4A7C15
_OWNER_FACTOR = 0xC2B2AE3D27D4EB4F
_SECRET = 0xFF51AFD7ED558CCD
_SLOT_FACTOR = 0xC4CEB9FE1A85EC53

_ATTEMPTS = 1 << 16
_SEEDS = 64

#: Whose key it is (a trie node, or a reserved number), and its bytes.
Key = tuple[int, bytes]


class PerfectHash(Struct, frozen=True):
    """``order[slot]`` is the number of the key that belongs there; there are as many slots as keys."""

    seed: int
    displacements: tuple[int, ...]
    order: tuple[int, ...]

    def slot(self, key: Key) -> int:
        """Where ``key`` is if it is anywhere. Only a comparison with the key there tells."""
        return _slot(hash_key(key, self.seed), self.displacements, len(self.order))


def build(keys: Sequence[Key]) -> PerfectHash:
    """A perfect hash of ``keys``, which must differ; the same for the same keys in the same order."""
    if len(set(keys)) != len(keys):
        raise ValueError("keys are not distinct")
    for seed in range(_SEEDS):
        placed = _place([hash_key(key, seed) for key in keys])
        if placed is not None:
            return PerfectHash(seed, *placed)
    raise RuntimeError(f"no perfect hash of {len(keys)} keys")


def hash_key(key: Key, seed: int) -> int:
    """Sixteen bytes at a time, the last sixteen overlapping, as wyhash does; less is spread over two words.

    The seed goes into both factors: texts that collide under one seed must not do so under all.
    """
    owner, text = key
    size = len(text)
    secret = _SECRET ^ seed
    state = (seed + size * _SIZE_FACTOR + owner * _OWNER_FACTOR) & _MASK
    for start in range(0, size - 16, 16):
        state = _fold(_word(text, start, 8) ^ secret, _word(text, start + 8, 8) ^ state)
    if size > 16:
        first, last = _word(text, size - 16, 8), _word(text, size - 8, 8)
    elif size >= 8:
        first, last = _word(text, 0, 8), _word(text, size - 8, 8)
    elif size >= 4:
        first, last = _word(text, 0, 4), _word(text, size - 4, 4)
    elif size:
        first, last = text[0] | text[size >> 1] << 8 | text[-1] << 16, 0
    else:
        first, last = 0, 0
    return _fold(first ^ secret, last ^ state)


def _word(text: bytes, start: int, size: int) -> int:
    return int.from_bytes(text[start : start + size], "little")


def _fold(one: int, other: int) -> int:
    """The two halves of a product of 128 bits, over each other."""
    product = one * other
    return product & _MASK ^ product >> 64


def _scale(value: int, size: int) -> int:
    """A 32-bit value → ``range(size)``, without a division."""
    return value * size >> 32


def _displaced(hashed: int, displacement: int, size: int) -> int:
    return _scale(((hashed ^ displacement * _SIZE_FACTOR & _MASK) * _SLOT_FACTOR & _MASK) >> 32, size)


def _slot(hashed: int, displacements: Sequence[int], size: int) -> int:
    displacement = displacements[_scale(hashed & _LOW, len(displacements))]
    if displacement & DIRECT:
        return displacement ^ DIRECT
    return _displaced(hashed, displacement, size)


def _place(hashes: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Displacements and order; the largest buckets choose first, single keys take what is left."""
    size = len(hashes)
    buckets: list[list[int]] = [[] for _ in range(max(1, (size + 1) // 2))]
    for number, hashed in enumerate(hashes):
        buckets[_scale(hashed & _LOW, len(buckets))].append(number)
    displacements = [0] * len(buckets)
    order: list[int | None] = [None] * size
    by_size = sorted(range(len(buckets)), key=lambda bucket: -len(buckets[bucket]))
    single = []
    for bucket in by_size:
        members = buckets[bucket]
        if len(members) <= 1:
            single += [(bucket, number) for number in members]
            continue
        displacement = _fit([hashes[number] for number in members], order)
        if displacement is None:
            return None
        displacements[bucket] = displacement
        for number in members:
            order[_displaced(hashes[number], displacement, size)] = number
    free = [slot for slot, number in enumerate(order) if number is None]
    for (bucket, number), slot in zip(single, free, strict=True):
        displacements[bucket] = DIRECT | slot
        order[slot] = number
    return tuple(displacements), tuple(number for number in order if number is not None)


def _fit(hashes: Sequence[int], order: Sequence[int | None]) -> int | None:
    """The first displacement that sends ``hashes`` to different free slots."""
    size = len(order)
    for displacement in range(_ATTEMPTS):
        taken = set()
        for hashed in hashes:
            slot = _displaced(hashed, displacement, size)
            if order[slot] is not None or slot in taken:
                break
            taken.add(slot)
        else:
            return displacement
    return None
