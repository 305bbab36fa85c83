#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests of p2v-map need: maps read and used, and trees of files filled at random.

map.py keep MAP IMAGE COPY     COPY gets of IMAGE what MAP says is used; all else in it is rubbish
map.py lose MAP NEW IMAGE SEED NEW is MAP without one unit that is used, chosen at random among those of
                               IMAGE that are not all zeros
map.py lose-chunk MAP IMAGE COPY CHUNK
                               the units of IMAGE that MAP has and that hold CHUNK become rubbish in COPY
map.py free MAP OFFSET LENGTH  succeeds if none of that range is used
map.py fill DIRECTORY SEED [plain]
                               makes files, and removes many of them; plain: without links and attributes
map.py list DIRECTORY [plain]  names, kinds, contents and attributes of all files, as lines
map.py chunk DIRECTORY SEED CHUNK
                               CHUNK gets some bytes of a file that lies in no inode
map.py holds COPY DIRECTORY    succeeds if every block of every file of the directory is somewhere in COPY
map.py ragged IMAGE            every second block that is free in an ext4 without checksums becomes used
"""

import fcntl
import hashlib
import mmap
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


def without(extents, lost):
    """The list without these units, which ascend."""
    for unit in lost:
        index = next(i for i, (first, count) in enumerate(extents) if first <= unit < first + count)
        first, count = extents[index]
        parts = [(first, unit - first), (unit + 1, first + count - unit - 1)]
        extents[index:index + 1] = [part for part in parts if part[1]]
    return extents


def lose(map_path, new, image, seed):
    size, unit, extents = read(map_path)
    units = []
    with open(image, "rb") as file:
        for first, count in extents:
            file.seek(first * unit)
            units += [i for i in range(first, first + count) if file.read(unit).strip(b"\0")]
    lost = random.Random(int(seed)).choice(units)
    write(new, size, unit, without(extents, [lost]))
    print(lost * unit, unit)


def lose_chunk(map_path, image, copy, chunk_path):
    size, unit, extents = read(map_path)
    lost, at = [], -1
    with open(chunk_path, "rb") as file:
        chunk = file.read()
    with open(image, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
        while (at := data.find(chunk, at + 1)) >= 0:
            if any(first <= at // unit < first + count for first, count in extents):
                lost.append(at // unit)
    target = os.open(copy, os.O_RDWR)
    for number in lost:
        rubbish(target, number * unit, min((number + 1) * unit, size))
    return bool(lost)


def is_free(map_path, offset, length):
    _, unit, extents = read(map_path)
    offset, length = int(offset), int(length)
    return all(first * unit >= offset + length or (first + count) * unit <= offset for first, count in extents)


def attempt(function, *arguments):
    """What not every file system can do."""
    try:
        function(*arguments)
    except OSError:
        pass


def clone(path, other):
    FICLONE = 0x40049409
    with open(path, "rb") as source, open(other, "wb") as target:
        fcntl.ioctl(target, FICLONE, source.fileno())


def adorn(chosen, path):
    """Links, attributes, and a copy that shares the blocks."""
    if chosen.random() < 0.1:
        attempt(os.link, path, path + "-hard")
    if chosen.random() < 0.1:
        attempt(os.symlink, "x" * chosen.choice((5, 40, 200, 900)), path + "-soft")
    if chosen.random() < 0.1:
        attempt(clone, path, path + "-clone")
    if chosen.random() < 0.05:
        attempt(os.mkfifo, path + "-fifo")
    for number in range(chosen.choice((0, 0, 1, 6))):
        attempt(os.setxattr, path, f"user.a{number}", chosen.randbytes(chosen.choice((3, 100, 600, 3000))))
    attempt(os.chmod, path, chosen.choice((0o600, 0o755, 0o4711, 0o444)))
    attempt(os.chown, path, chosen.choice((0, 1, 65534)), chosen.choice((0, 7)))
    # 1996 and 2100, too: what bigtime is for.
    seconds = chosen.choice((838000000, 1700000000, 4102444801))
    attempt(lambda: os.utime(path, ns=(seconds * 10**9, seconds * 10**9 + 123456700)))


def fill(directory, seed, plain=""):
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
                if chosen.random() < 0.2:
                    file.write(b"what can be compressed\n" * chosen.randrange(20000))
                file.write(chosen.randbytes(int(2 ** chosen.uniform(0, 20))))
                if chosen.random() < 0.1:
                    file.seek(chosen.randrange(1, 4 << 20), os.SEEK_CUR)
                    file.write(b"behind a hole")
        for _ in range(5):
            for path in chosen.sample(made, min(20, len(made))):
                with open(path, "ab") as file:
                    file.write(chosen.randbytes(chosen.randrange(1, 70000)))
        for path in made if not plain else []:
            adorn(chosen, path)
        os.sync()
        for path in made:
            if chosen.random() < (0.66 if part == 0 else 0.2):
                os.unlink(path)


def attributes(path):
    try:
        names = sorted(os.listxattr(path, follow_symlinks=False))
        values = [(name, os.getxattr(path, name, follow_symlinks=False)) for name in names]
    except OSError:
        return "none"
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16] + f"/{len(values)}"


def describe(path, name, seen, plain):
    status = os.lstat(path)
    content = ""
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            content = hashlib.sha256(file.read()).hexdigest()
    elif stat.S_ISLNK(status.st_mode):
        content = os.readlink(path)
    size = status.st_size if stat.S_ISREG(status.st_mode) else 0
    line = f"{name} {status.st_mode:o} {status.st_uid} {status.st_gid} {size} {status.st_mtime_ns} {content}"
    if plain:
        return line
    # Which of the names before is the same file.
    same = seen.setdefault(status.st_ino, name)
    return f"{line} {status.st_ctime_ns} {status.st_nlink} {same} {attributes(path)}"


def show(directory, plain=""):
    seen = {}
    for folder, folders, files in sorted(os.walk(directory)):
        for name in sorted(folders + files):
            path = os.path.join(folder, name)
            print(describe(path, os.path.relpath(path, directory), seen, plain))


def take_chunk(directory, seed, chunk_path):
    chosen, paths = random.Random(int(seed)), []
    for folder, _, files in sorted(os.walk(directory)):
        paths += [os.path.join(folder, name) for name in sorted(files)]
    paths = [path for path in paths if os.path.isfile(path) and not os.path.islink(path)]
    large = [path for path in paths if os.path.getsize(path) >= 20000] or [max(paths, key=os.path.getsize)]
    for _ in range(100000):
        path = chosen.choice(large)
        with open(path, "rb") as file:
            file.seek(chosen.randrange(0, os.path.getsize(path) // 4096) * 4096)
            chunk = file.read(64)
        if len(set(chunk)) > 32:
            break
    else:
        sys.exit("no file has bytes that are found again")
    with open(chunk_path, "wb") as file:
        file.write(chunk)


def holds(copy, directory):
    """For what nothing here can read: files of random bytes, in blocks of 1024 or more."""
    at = 0
    with open(copy, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as data:
        for folder, _, files in os.walk(directory):
            for name in files:
                with open(os.path.join(folder, name), "rb") as source:
                    while block := source.read(1024):
                        # Usually it lies behind the one before.
                        near = data.find(block, at, at + 8192)
                        at = near if near >= 0 else data.find(block)
                        if at < 0:
                            return False
    return True


def ragged(image):
    """As debugfs would do it in hours: the bitmaps, and the counters that have to agree with them."""
    with open(image, "r+b") as file:
        file.seek(1024)
        head = bytearray(file.read(1024))
        number = lambda at: struct.unpack_from("<I", head, at)[0]
        size, each, first, wide = 1024 << number(24), number(32), number(20), bool(number(96) & 0x80)
        entry = struct.unpack_from("<H", head, 254)[0] if wide else 32
        blocks, all_free = number(4) | (number(0x150) << 32 if wide else 0), 0
        file.seek((first + 1) * size)
        table = bytearray(file.read(-(-(blocks - first) // each) * entry))
        for group in range(len(table) // entry):
            at = group * entry
            bitmap = struct.unpack_from("<I", table, at)[0]
            bitmap |= struct.unpack_from("<I", table, at + 32)[0] << 32 if wide else 0
            count = min(each, blocks - first - group * each)
            file.seek(bitmap * size)
            bits = int.from_bytes(file.read(size), "little") | int.from_bytes(b"\x55" * (count // 8), "little")
            file.seek(bitmap * size)
            file.write(bits.to_bytes(size, "little"))
            free = count - (bits & ((1 << count) - 1)).bit_count()
            all_free += free
            struct.pack_into("<H", table, at + 12, free)
        file.seek((first + 1) * size)
        file.write(table)
        struct.pack_into("<I", head, 12, all_free)
        file.seek(1024)
        file.write(head)


COMMANDS = {"keep": keep, "lose": lose, "lose-chunk": lose_chunk, "fill": fill, "list": show, "free": is_free,
            "chunk": take_chunk, "ragged": ragged, "holds": holds}

if __name__ == "__main__":
    sys.exit(COMMANDS[sys.argv[1]](*sys.argv[2:]) is False)
