#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Files in an exFAT image, where no kernel can mount it. After Microsoft's "exFAT file system
specification"; fsck.exfat is what it is held against.

exfat.py fill IMAGE SEED       makes files in the root directory, in one part or in many, and removes some
exfat.py list IMAGE DIRECTORY  writes their contents to that directory
"""

import os
import random
import struct
import sys

LAST = 0xffffffff
BITMAP, UPCASE, FILE, STREAM, NAME = 0x81, 0x82, 0x85, 0xc0, 0xc1
NO_CHAIN = 2  # the clusters follow each other, and the table says nothing of them


class Exfat:
    def __init__(self, path):
        self.file = open(path, "r+b")
        boot = self.file.read(512)
        sector = 1 << boot[108]
        self.cluster = sector << boot[109]
        self.table, _, self.heap, self.clusters, self.root = [
            value * scale for value, scale in zip(struct.unpack_from("<5I", boot, 80), (sector, 1, sector, 1, 1))]
        self.chain = list(struct.unpack(f"<{self.clusters + 2}I", self.read(self.table, (self.clusters + 2) * 4)))
        for entry in self.entries():
            if entry[0] == BITMAP:
                self.bitmap_at, self.bitmap_size = struct.unpack_from("<IQ", entry, 20)
        self.bitmap = bytearray(self.content(self.bitmap_at, self.bitmap_size))

    def read(self, at, length):
        self.file.seek(at)
        return self.file.read(length)

    def write(self, at, data):
        self.file.seek(at)
        self.file.write(data)

    def place(self, cluster):
        return self.heap + (cluster - 2) * self.cluster

    def follow(self, cluster):
        while 2 <= cluster < self.clusters + 2:
            yield cluster
            cluster = self.chain[cluster]

    def content(self, first, size, flags=0):
        count = -(-size // self.cluster)
        if not count:
            return b""
        clusters = range(first, first + count) if flags & NO_CHAIN else self.follow(first)
        return b"".join(self.read(self.place(cluster), self.cluster) for cluster in clusters)[:size]

    def directory(self):
        return b"".join(self.read(self.place(cluster), self.cluster) for cluster in self.follow(self.root))

    def entries(self):
        data = self.directory()
        return [data[at:at + 32] for at in range(0, len(data), 32)]

    def is_used(self, cluster):
        return self.bitmap[(cluster - 2) // 8] >> (cluster - 2) % 8 & 1

    def mark(self, cluster, used):
        bit = 1 << (cluster - 2) % 8
        self.bitmap[(cluster - 2) // 8] = self.bitmap[(cluster - 2) // 8] & ~bit | (bit if used else 0)

    def take(self, data, chosen):
        """Clusters for the data, with a chain or in a row. Returns the first and the flags."""
        count = -(-len(data) // self.cluster)
        free = [cluster for cluster in range(2, self.clusters + 2) if not self.is_used(cluster)]
        if not count:
            return 0, 1
        start = chosen.randrange(len(free) - 4 * count)
        taken = sorted(chosen.sample(free[start:start + 3 * count], count))
        chained = taken[-1] - taken[0] != count - 1
        for index, cluster in enumerate(taken):
            self.mark(cluster, True)
            if chained:
                self.chain[cluster] = taken[index + 1] if index + 1 < count else LAST
            self.write(self.place(cluster), data[index * self.cluster:(index + 1) * self.cluster])
        return taken[0], 1 if chained else 1 | NO_CHAIN

    def give_back(self, first, size, flags):
        count = -(-size // self.cluster)
        for cluster in list(range(first, first + count) if flags & NO_CHAIN else self.follow(first)) if count else []:
            self.mark(cluster, False)
            if not flags & NO_CHAIN:
                self.chain[cluster] = 0

    def save(self, entries):
        data = b"".join(entries)
        room = [self.place(cluster) for cluster in self.follow(self.root)]
        assert len(data) <= len(room) * self.cluster, "the root directory is full"
        data = data.ljust(len(room) * self.cluster, b"\0")
        for index, at in enumerate(room):
            self.write(at, data[index * self.cluster:(index + 1) * self.cluster])
        self.write(self.table, struct.pack(f"<{len(self.chain)}I", *self.chain))
        for index, cluster in enumerate(self.follow(self.bitmap_at)):
            self.write(self.place(cluster), self.bitmap[index * self.cluster:(index + 1) * self.cluster])
        used = sum(bin(byte).count("1") for byte in self.bitmap)
        self.write(112, bytes([used * 100 // self.clusters]))
        self.file.flush()


def file_entries(name, first, size, flags):
    letters = name.encode("utf-16-le")
    names = [letters[at:at + 30] for at in range(0, len(letters), 30)]
    hashed = 0
    for byte in name.upper().encode("utf-16-le"):
        hashed = ((hashed & 1) << 15) + (hashed >> 1) + byte & 0xffff
    when = 40 << 25 | 5 << 21 | 17 << 16 | 12 << 11
    data = bytearray(struct.pack("<BBHHHIII5x7x", FILE, 1 + len(names), 0, 0x20, 0, when, when, when))
    data += struct.pack("<BBBBHHQIIQ", STREAM, flags, 0, len(name), hashed, 0, size, 0, first, size)
    for part in names:
        data += struct.pack("<BB30s", NAME, 0, part)
    checksum = 0
    for index, byte in enumerate(data):
        if index not in (2, 3):
            checksum = ((checksum & 1) << 15) + (checksum >> 1) + byte & 0xffff
    struct.pack_into("<H", data, 2, checksum)
    return bytes(data)


def fill(image, seed):
    chosen = random.Random(int(seed))
    exfat = Exfat(image)
    entries = [entry for entry in exfat.entries() if entry[0]]
    files, room = [], (exfat.cluster * len(list(exfat.follow(exfat.root))) - 32 * len(entries)) // 128
    for part in range(2):
        for number in range(min(chosen.randrange(10, 40), room - len(files))):
            data = chosen.randbytes(int(2 ** chosen.uniform(0, 21)))
            first, flags = exfat.take(data, chosen)
            files.append((f"file {part}-{number}, with a long name", first, len(data), flags))
        for file in [file for file in files if chosen.random() < 0.4]:
            exfat.give_back(*file[1:])
            files.remove(file)
    exfat.save(entries + [file_entries(*file) for file in files])


def show(image, directory):
    exfat = Exfat(image)
    entries = exfat.entries()
    for index, entry in enumerate(entries):
        if entry[0] != FILE:
            continue
        stream = entries[index + 1]
        first, size = struct.unpack_from("<IQ", stream, 20)
        letters = b"".join(part[2:] for part in entries[index + 2:index + 1 + entry[1]])
        name = letters[:2 * stream[3]].decode("utf-16-le")
        with open(os.path.join(directory, name), "wb") as out:
            out.write(exfat.content(first, size, stream[1]))
        os.utime(os.path.join(directory, name), (0, 0))


if __name__ == "__main__":
    {"fill": fill, "list": show}[sys.argv[1]](*sys.argv[2:])
