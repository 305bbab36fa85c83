# SPDX-License-Identifier: GPL-2.0-or-later
"""What test-map does with a relay: map.py CASE PORT WORK DISK [WORD]…. DISK: the file with the
disk's bytes. The machine is played here, so that each request it gets is seen."""
import os
import random
import struct
import sys
import threading
import time

import nbd

case, port, work, path = sys.argv[1:5]
words = sys.argv[5:]
with open(path, 'rb') as file:
    disk = file.read()
SIZE = len(disk)
BLOCK = 65536


def fail(text):
    sys.exit(f'map.py {case}: {text}')


def log():
    with open(os.path.join(work, 'relay.log')) as file:
        return file.read()


def eventually(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            fail(f'not within {seconds} s: {what}')
        time.sleep(0.01)


class Map:
    """Extents in units: [(first, count)]."""

    def __init__(self, unit, extents):
        self.unit, self.extents = unit, extents
        self.used = bytearray((SIZE + unit - 1) // unit)
        for first, count in extents:
            self.used[first:first + count] = b'\1' * count
        self.bytes = sum(min((first + count) * unit, SIZE) - first * unit for first, count in extents)
        # What a reader sees.
        self.seen = bytearray(SIZE)
        for first, count in extents:
            end = min((first + count) * unit, SIZE)
            self.seen[first * unit:end] = disk[first * unit:end]

    def write(self, index=0):
        name = os.path.join(work, f'map-{index}')
        with open(name + '.new', 'wb') as file:
            file.write(b'P2VMAP1\n' + struct.pack('<QII', SIZE, self.unit, len(self.extents)))
            for extent in self.extents:
                file.write(struct.pack('<II', *extent))
        os.rename(name + '.new', name)

    def touches_unused(self, offset, length):
        last = (offset + length - 1) // self.unit
        return not all(self.used[offset // self.unit:last + 1])

    def status(self, offset, length):
        """Extents as they have to be told: (length, state)."""
        result, at, end = [], offset, offset + length
        while at < end:
            used = self.used[at // self.unit]
            stop = at - at % self.unit + self.unit
            while stop < end and self.used[stop // self.unit] == used:
                stop += self.unit
            stop = min(stop, end)
            result.append((stop - at, 0 if used else nbd.HOLE_ZERO))
            at = stop
        return result


def random_map(unit=None, density=None):
    unit = unit or random.choice((4096, 4096, 16384, 65536, 262144))
    density = density or random.choice((1, 3, 20))
    units, at, extents = (SIZE + unit - 1) // unit, random.choice((0, 1, 5)), []
    while at < units:
        count = min(random.randint(1, 2 * density), units - at)
        extents.append((at, count))
        at += count + random.randint(1, random.choice((2, 60)))
    return Map(unit, extents)


class Machine:
    """Serves the disk and notes what it is asked for."""

    def __init__(self, index=0, number=1, wait=0, minimum=None):
        self.reads, self.others, self.wait, self.lock = [], 0, wait, threading.Lock()
        self.minimum, self.bad = minimum, set()
        tunnel = nbd.tunnel_name
        nbd.tunnel_name = lambda count, disk=index: tunnel(count, disk)
        self.machine = nbd.Machine(work, number, self.behave)
        nbd.tunnel_name = tunnel

    def behave(self, sock):
        nbd.shake_hands(sock, SIZE, minimum=self.minimum)
        while True:
            command, cookie, offset, length = nbd.request(sock)
            with self.lock:
                if command == nbd.READ:
                    self.reads.append((offset, length))
                else:
                    self.others += 1
            if self.wait:
                time.sleep(self.wait)
            if any(offset <= bad < offset + length for bad in self.bad):
                sock.sendall(nbd.chunk(0x8001, cookie, struct.pack('>IH', 5, 0)))
            else:
                sock.sendall(nbd.chunk(1, cookie, struct.pack('>Q', offset) +
                                       disk[offset:offset + length]))

    def bytes(self):
        with self.lock:
            return sum(length for _, length in self.reads)

    def count(self):
        with self.lock:
            return len(self.reads)

    def expect_only(self, used):
        for offset, length in self.reads:
            if used.touches_unused(offset, length):
                fail(f'it was asked for what is not used: {length} at {offset}')
        if self.others:
            fail(f'it was asked {self.others} times for a block status')

    def expect_all_once(self, used):
        self.expect_only(used)
        if self.bytes() != used.bytes:
            fail(f'{self.bytes()} bytes came in place of {used.bytes}')
        if len(set(self.reads)) < len(self.reads):
            fail(f'{len(self.reads)} requests for {len(set(self.reads))} pieces')

    def close(self):
        self.machine.close()


def taken(count=1):
    return lambda: log().count('MiB are used') >= count


def complete(index=0, names='sda sdb'.split()):
    return lambda: f'{names[index]}: all that is needed is on the server' in log()


def progress():
    try:
        with open(os.path.join(work, 'relay-progress')) as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []


def expect_same(used, client, step=1 << 20):
    pieces = [(at, min(step, SIZE - at)) for at in range(0, SIZE, step)]
    for (offset, length), data in zip(pieces, client.read_all(pieces)):
        if data != used.seen[offset:offset + length]:
            at = next(i for i in range(length) if data[i] != used.seen[offset + i])
            fail(f'other bytes at {offset + at}')


# ---- cases ------------------------------------------------------------------------------------


def random_reads():
    """Reads and block status of every kind, while the background fetches (word "store") or not."""
    used = random_map()
    used.write()
    eventually('the map is taken', taken())
    machine = Machine(minimum=random.choice((None, 512, 4096)))
    clients = [nbd.Client(int(port), structured=True, extended=extended)
               for extended in (False, True)]
    for client in clients * 3:
        pieces = [(offset, min(random.choice((1, 700, 4096, 70000, 1 << 20, 9 << 20)), SIZE - offset))
                  for offset in (random.choice((random.randrange(SIZE),
                                                random.randrange(SIZE // 4096) * 4096))
                                 for _ in range(24))]
        for (offset, length), data in zip(pieces, client.read_all(pieces)):
            if data != used.seen[offset:offset + length]:
                fail(f'other bytes within {length} at {offset}')
        for offset, length in pieces:
            expected, got = used.status(offset, length), client.status(offset, length)
            if got != expected[:4096]:
                fail(f'block status of {length} at {offset}: {got[:5]} in place of {expected[:5]}')
            client.ask(nbd.BLOCK_STATUS, offset, length, flags=8)
            if client.answer({})[1] != expected[:1]:
                fail('more than one extent where one is asked for')
    if 'store' in words:
        eventually('all is on the server', complete())
    for client in clients:
        expect_same(used, client)
    if 'store' in words:
        machine.expect_all_once(used)
    machine.expect_only(used)
    machine.close()
    print(f'run: unit {used.unit}, {len(used.extents)} extents, {used.bytes} of {SIZE} bytes, '
          f'{machine.count()} requests')


def idle():
    """A connection that asks for nothing: all that is used comes. Then nothing of the machine is
    needed, for longer than its patience (2 s)."""
    used = random_map()
    used.write()
    eventually('the map is taken', taken())
    machine = Machine()
    time.sleep(1.2)
    if machine.count():
        fail('it fetches before the disk is opened')
    client = nbd.Client(int(port))
    eventually('all is on the server', complete())
    machine.expect_all_once(used)
    eventually('progress', lambda: progress() == [f'disk 0 {used.bytes} {used.bytes}', 'complete'])
    machine.close()
    eventually('the loss of the tunnel', lambda: 'there is no tunnel' in log())
    time.sleep(4)  # of patience, twice
    expect_same(used, client)
    if client.status(0, SIZE)[:9] != used.status(0, SIZE)[:9]:
        fail('another block status without a machine')
    client.close()
    other = nbd.Client(int(port))
    expect_same(used, other)


def late():
    """The map comes when the disk is open, and some of it was read."""
    machine = Machine()
    client = nbd.Client(int(port))
    if client.read(SIZE // 2, 300000) != disk[SIZE // 2:SIZE // 2 + 300000]:
        fail('other bytes before the map')
    used = random_map(density=3)
    before = machine.count()
    used.write()
    eventually('all is on the server', complete())
    machine.reads, machine.others = machine.reads[before:], 0
    machine.expect_only(used)
    eventually('progress', lambda: progress() == [f'disk 0 {used.bytes} {used.bytes}', 'complete'])
    pieces = [(first * used.unit, min(used.unit * count, SIZE - first * used.unit))
              for first, count in used.extents]
    for offset, length in pieces:
        if client.read(offset, length) != disk[offset:offset + length]:
            fail(f'other bytes at {offset}')
    machine.close()


def small():
    """The store takes only a part. It stops there; then the copy comes by, and it goes on."""
    used = Map(65536, [(0, SIZE // 65536 + 1)])
    used.write()
    eventually('the map is taken', taken())
    machine = Machine()
    client = nbd.Client(int(port))
    room = int(words[0])
    eventually('most of the store is full', lambda: machine.bytes() > room - (9 << 20))
    before = -1
    while before != machine.bytes():
        before = machine.bytes()
        time.sleep(1)
    if before > room:
        fail(f'{before} bytes came for a store of {room}')
    # Nothing gave way: what came first is still there.
    if client.read(0, 1 << 20) != disk[:1 << 20] or machine.bytes() != before:
        fail('what came first had to come again')
    if complete()():
        fail('it says that all is there')
    with open(os.path.join(work, 'copying'), 'w'):
        pass
    time.sleep(1.5)
    # The copy waits half way: what it has not asked for yet comes in the background.
    for at in range(0, SIZE // 2, 1 << 18):
        if client.read(at, min(1 << 18, SIZE - at)) != disk[at:at + (1 << 18)]:
            fail(f'other bytes at {at}')
    eventually('it goes on behind the copy', lambda: machine.bytes() > before + (16 << 20))
    for at in range(SIZE // 2, SIZE, 1 << 18):
        if client.read(at, min(1 << 18, SIZE - at)) != disk[at:at + (1 << 18)]:
            fail(f'other bytes at {at}')
    print(f'run: {machine.bytes() / SIZE:.3f} of the disk came, {before} bytes before the copy')
    if machine.bytes() > 1.1 * SIZE:
        fail('too much came twice')
    machine.close()


def rate():
    """p2v.bandwidth holds for the background, and who waits comes first."""
    limit = int(words[0])
    used = Map(65536, [(0, SIZE // 65536 + 1)])
    used.write()
    eventually('the map is taken', taken())
    machine = Machine()
    begin = time.monotonic()
    client = nbd.Client(int(port))
    worst = 0
    while time.monotonic() < begin + 8:
        at = SIZE - BLOCK * random.randint(1, 40)
        asked = time.monotonic()
        client.read(at, 512)
        worst = max(worst, time.monotonic() - asked)
        time.sleep(0.2)
    came, seconds = machine.bytes(), time.monotonic() - begin
    if came > limit * (seconds + 0.2) + (2 << 20):
        fail(f'{came} bytes came in {seconds} s')
    if came < limit * seconds / 4:
        fail(f'only {came} bytes came in {seconds} s')
    print(f'run: {came / seconds:.0f} bytes/s of {limit}; a read took {worst:.2f} s at most')
    machine.close()


def left_over():
    """Small reads leave more in memory than the background adds to: it goes on all the same."""
    used = Map(65536, [(0, SIZE // 65536 + 1)])
    machine = Machine()
    client = nbd.Client(int(port))
    last = SIZE // BLOCK * BLOCK
    for at in range(last, last - (36 << 20), -BLOCK):  # nothing is read ahead
        if client.read(at, 512) != disk[at:at + 512]:
            fail(f'other bytes at {at}')
    if machine.bytes() > 37 << 20:
        fail(f'{machine.bytes()} bytes came for a few')
    used.write()
    eventually('all is on the server', complete())
    machine.expect_all_once(used)
    expect_same(used, client)
    machine.close()


def two():
    """Two disks at once, in the order of the disk each."""
    used = [random_map(65536), random_map(4096)]
    for index in (0, 1):
        used[index].write(index)
    eventually('the maps are taken', taken(2))
    machines = [Machine(index, wait=0.01) for index in (0, 1)]
    clients = [nbd.Client(int(number)) for number in port.split(',')]
    eventually('both are under way', lambda: all(0 < machine.count() for machine in machines))
    if complete(0)() or complete(1)():
        fail('one came after the other')
    for index in (0, 1):
        eventually('all is on the server', complete(index))
        machines[index].expect_all_once(used[index])
        highest = 0
        for offset, _ in machines[index].reads:
            if offset < highest - (16 << 20):
                fail('not in the order of the disk')
            highest = max(highest, offset)
    for machine in machines:
        machine.close()
    for index in (0, 1):
        expect_same(used[index], clients[index])


def breaks():
    """The tunnel is cut again and again while the background fetches."""
    used = random_map(4096, 3)
    used.write()
    eventually('the map is taken', taken())
    client = nbd.Client(int(port))
    number = 0
    machines = []
    while not complete()():
        number += 1
        machine = Machine(number=number, wait=0.005)
        machines.append(machine)
        time.sleep(random.random() / 2)
        if number < 12:
            machine.close()
        else:
            eventually('all is on the server', complete())
    for machine in machines:
        machine.expect_only(used)
    expect_same(used, client)
    machines[-1].close()
    total = sum(machine.bytes() for machine in machines)
    print(f'run: {number} tunnels, {total / used.bytes:.2f} of what is used was asked for')


def bad():
    """What cannot be read ends the background, and nothing else; it is told once."""
    used = Map(65536, [(0, 100)])
    used.write()
    eventually('the map is taken', taken())
    machine = Machine()
    machine.bad = {40 * 65536 + 5000}
    client = nbd.Client(int(port))
    eventually('it meets the place', lambda: 'cannot be read' in log())
    if 'zero' in words:  # then it goes on behind it
        eventually('all is on the server', complete())
        at = machine.bad.pop() // 512 * 512
        machine.close()
        if client.read(0, 100 * 65536) != disk[:at] + bytes(512) + disk[at + 512:100 * 65536]:
            fail('not the disk with zeros for a sector')
        return
    before = -1
    while before != machine.count():
        before = machine.count()
        time.sleep(1)
    if client.read(41 * 65536, 65536) != disk[41 * 65536:42 * 65536]:
        fail('other bytes behind it')
    try:
        client.read(40 * 65536, 65536)
        fail('it reads what cannot be read')
    except nbd.NbdError:
        pass
    machine.close()


seed = int(os.environ.get('SEED') or int.from_bytes(os.urandom(4), 'big'))
random.seed(seed)
print(f'run: {case} SEED={seed}', flush=True)
globals()[case]()
