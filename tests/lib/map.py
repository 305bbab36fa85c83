#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of p2v-map need: maps read and used, and trees of files filled at random.

map.py keep MAP IMAGE COPY     COPY gets of IMAGE what MAP says is used; all else in it is rubbish
map.py lose MAP NEW SEED       NEW is MAP without one unit that is used, chosen at random
map.py free MAP OFFSET LENGTH  succeeds if none of that range is used
map.py fill DIRECTORY SEED     makes files, and removes many of them
map.py list DIRECTORY          names, kinds, contents and attributes of all files, as lines
"""

import hashlib
import os
import random
import stat
import struct
import sys

HEAD = struct.Struct("<8sQII")
EXTENT = struct.Struct("<II")
RUBBISH = b"\x5a\xa5p2v-map\xff" * 6554


def read(path):
    """The disk's size, the unit's, and a list of (first, count). All that the format promises is checked."""
    with open(path, "rb") as file:
        data = file.read()
    magic, size, unit, number = HEAD.unpack_from(data)
    assert magic == b"P2VMAP1\n", "no magic"
    assert len(data) == HEAD.size + number * EXTENT.size, "wrong length"
    units = -(-size // unit)
    assert unit >= 4096 and unit & (unit - 1) == 0, "wrong unit"
    assert unit == 4096 or size // (unit // 2) >= 2**32 - 1, "a smaller unit would do"
    extents = list(EXTENT.iter_unpack(data[HEAD.size:]))
    end = -1
    for first, count in extents:
        assert count and first > end, "not in order, or touching"
        end = first + count
        assert end <= units, "beyond the end"
    return size, unit, extents


def write(path, size, unit, extents):
    with open(path, "wb") as file:
        file.write(HEAD.pack(b"P2VMAP1\n", size, unit, len(extents)))
        for extent in extents:
            file.write(EXTENT.pack(*extent))


def rubbish(file, begin, end):
    while begin < end:
        begin += os.pwrite(file, RUBBISH[:end - begin], begin)


def keep(map_path, image, copy):
    size, unit, extents = read(map_path)
    source = os.open(image, os.O_RDONLY)
    target = os.open(copy, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.ftruncate(target, size)
    at = 0
    for first, count in extents:
        begin, end = first * unit, min((first + count) * unit, size)
        rubbish(target, at, begin)
        at = begin
        while at < end:
            at += os.pwrite(target, os.pread(source, min(1 << 20, end - at), at), at)
    rubbish(target, at, size)


def lose(map_path, new, seed):
    size, unit, extents = read(map_path)
    chosen = random.Random(int(seed))
    which = chosen.randrange(sum(count for _, count in extents))
    index = 0
    while which >= extents[index][1]:
        which -= extents[index][1]
        index += 1
    first, count = extents[index]
    lost = first + which
    parts = [(first, lost - first), (lost + 1, first + count - lost - 1)]
    extents[index:index + 1] = [part for part in parts if part[1]]
    write(new, size, unit, extents)
    print(lost * unit, unit)


def is_free(map_path, offset, length):
    _, unit, extents = read(map_path)
    offset, length = int(offset), int(length)
    return all(first * unit >= offset + length or (first + count) * unit <= offset for first, count in extents)


def fill(directory, seed):
    """Files of all sizes, some with holes, some grown in turn so that they are fragmented; then two
    thirds of them go, and new ones come into the gaps."""
    chosen = random.Random(int(seed))
    for part in range(2):
        made = []
        for number in range(chosen.randrange(30, 120)):
            folder = os.path.join(directory, f"d{part}-{number % 7}")
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, f"f{number}")
            made.append(path)
            with open(path, "wb") as file:
                file.write(chosen.randbytes(int(2 ** chosen.uniform(0, 20))))
                if chosen.random() < 0.1:
                    file.seek(chosen.randrange(1, 4 << 20), os.SEEK_CUR)
                    file.write(b"behind a hole")
        for _ in range(5):
            for path in chosen.sample(made, min(20, len(made))):
                with open(path, "ab") as file:
                    file.write(chosen.randbytes(chosen.randrange(1, 70000)))
        os.sync()
        for path in made:
            if chosen.random() < (0.66 if part == 0 else 0.2):
                os.unlink(path)


def describe(path, name):
    status = os.lstat(path)
    content = ""
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    return f"{name} {status.st_mode:o} {status.st_uid} {status.st_gid} {size} {status.st_mtime_ns} {content}"


def show(directory):
    for folder, folders, files in sorted(os.walk(directory)):
        for name in sorted(folders + files):
            path = os.path.join(folder, name)
            print(describe(path, os.path.relpath(path, directory)))


COMMANDS = {"keep": keep, "lose": lose, "fill": fill, "list": show, "free": is_free}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]) is False)
