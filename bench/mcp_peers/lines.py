"""The floor over pipes: each line is decoded, and answered with the same bytes but for its id."""

import os

from msgspec.json import decode

ANSWER = os.environ["ANSWER"].encode()
BEFORE, AFTER = ANSWER.split(b'"id":1', 1)


def main() -> None:
    rest = b""
    while data := os.read(0, 65536):
        *lines, rest = (rest + data).split(b"\n")
        told = [decode(line) for line in lines]
        answers = [b'%b"id":%d%b\n' % (BEFORE, one["id"], AFTER) for one in told if "id" in one]
        if answers:
            os.write(1, b"".join(answers))


if __name__ == "__main__":
    main()
