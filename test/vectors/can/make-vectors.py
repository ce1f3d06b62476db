"""Writes signals.json beside it: what cantools (pip install cantools) makes of frames of signals.dbc.

With a DBC file and a log of candump as arguments it prints the same for the frames of the log, one JSON array a line, for
test/unit/edge/sources/can/real-logs.test.ts.
"""

import gzip
import json
import math
import pathlib
import random
import re
import sys

import cantools

FRAMES_A_MESSAGE = 40
LINE = re.compile(r"\(([\d.]+)\) (\w+) ([0-9A-F]+)#([0-9A-F]*)")


def decoded(message, payload):
    """Physical values by signal; None for what cantools will not decode (a multiplexor with an unknown value)."""
    try:
        return message.decode(payload, decode_choices=False, allow_truncated=True)
    except cantools.database.errors.DecodeError:
        return None


def vectors(path):
    chance = random.Random(2026)
    database = cantools.database.load_file(path, strict=False)
    for message in sorted(database.messages, key=lambda one: one.frame_id):
        found = 0
        while found < FRAMES_A_MESSAGE:
            payload = chance.randbytes(message.length)
            values = decoded(message, payload)
            if values is None or not all(math.isfinite(value) for value in values.values()):
                continue
            found += 1
            yield {"id": message.frame_id, "extended": message.is_extended_frame, "hex": payload.hex(), "values": values}


def log(dbc, path):
    database = cantools.database.load_file(dbc, strict=False, encoding="latin1")
    for line in gzip.open(path, "rt"):
        _, _, identifier, payload = LINE.match(line).groups()
        try:
            message = database.get_message_by_frame_id(int(identifier, 16))
        except KeyError:
            continue
        yield [int(identifier, 16), payload, decoded(message, bytes.fromhex(payload))]


if len(sys.argv) == 3:
    for row in log(sys.argv[1], sys.argv[2]):
        print(json.dumps(row))
else:
    here = pathlib.Path(__file__).parent
    rows = ",\n".join(json.dumps(one) for one in vectors(here / "signals.dbc"))
    (here / "signals.json").write_text(f"[\n{rows}\n]\n")
