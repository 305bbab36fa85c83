# SPDX-License-Identifier: GPL-2.0-or-later
"""What test-tunnels does with a relay that it has started: tunnels.py CASE PORT WORK EXPORT DISK.
WORK: its work directory; EXPORT: the socket of the real export; DISK: the file behind it."""
import os
import random
import struct
import sys
import threading
import time

import nbd

case, port, work, target, path = sys.argv[1:6]
with open(path, 'rb') as file:
    disk = file.read()
# One request and one reply after the other, so that each exchange is the same.
PIECES = ((0, 131072), (131072, 131072), (262144, len(disk) - 262144))


def fail(text):
    sys.exit(f'tunnels.py {case}: {text}')


def said(text):
    with open(os.path.join(work, 'relay.log')) as log:
        return log.read().count(text)


def eventually(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            fail(f'not within {seconds} s: {what}')
        time.sleep(0.005)


def same(offset, data, where):
    if data != disk[offset:offset + len(data)]:
        fail(f'other bytes, {where}')


class Later(threading.Thread):
    """A read whose answer may take its time."""

    def __init__(self, client, pieces=PIECES):
        super().__init__(daemon=True)
        self.client, self.pieces, self.data = client, pieces, None
        self.start()

    def run(self):
        self.data = self.client.read_all(self.pieces)

    def expect(self, where, seconds=60):
        self.join(seconds)
        if self.data is None:
            fail(f'no answer within {seconds} s, {where}')
        for (offset, length), data in zip(self.pieces, self.data):
            if len(data) != length:
                fail(f'{len(data)} bytes in place of {length}, {where}')
            same(offset, data, where)


# ---- a cut at each byte ---------------------------------------------------------------------


def exchange(tunnels, client, where):
    """What is recorded, and cut."""
    for offset, length in PIECES:
        same(offset, client.read(offset, length), where)


def offsets(tunnels, client):
    """Bytes after which to cut: (all of the way up, of the way down those of the handshake and of
    replies' heads, and some within data)."""
    tunnels.add()
    exchange(tunnels, client, 'without a cut')
    data = sum(length for _, length in PIECES)
    heads = 28 * len(PIECES)  # of structured replies, and where the data begins
    # The thread of the tunnels counts what it has sent: the reader may have it before.
    end = time.monotonic() + 10
    while tunnels.down - data - heads < 150 and time.monotonic() < end:
        time.sleep(0.01)
    up, down = tunnels.up, tunnels.down
    tunnels.close_all()
    hands = down - data - heads
    if not 150 < hands < 400 or up < 150:
        fail(f'the exchange has {up} and {down} bytes: is each reply one piece?')
    ways_down, at = set(range(hands + 1)), hands
    for _, length in PIECES:
        ways_down |= set(range(at, at + 28 + 3))          # a head, and the first data
        end = at + 28 + length
        ways_down |= {end - 2, end - 1, end}              # the last data
        ways_down |= {at + 28 + i for i in (511, 512, 4096, 65535, 65536)}
        ways_down |= {random.randrange(at + 28, end) for _ in range(5)}
        at = end
    return range(up + 1), sorted(offset for offset in ways_down if offset <= down)


def cut():
    seed = int.from_bytes(os.urandom(4), 'big')
    random.seed(seed)
    tunnels = nbd.Tunnels(work, target)
    tunnels.on_cut = tunnels.add  # it comes back, with a number of its own
    client = nbd.Client(int(port))
    ups, downs = offsets(tunnels, client)
    rounds = cuts = 0

    def count_cut():
        nonlocal cuts
        cuts += 1
        tunnels.add()

    tunnels.on_cut = count_cut
    for count in (1, 3):
        for way, places in (('up', ups), ('down', downs)):
            for offset in places:
                where = f'{count} tunnels, cut after {offset} bytes {way}, seed {seed}'
                for _ in range(count):
                    tunnels.add(**{way: offset})
                if count == 1:
                    exchange(tunnels, client, where)
                else:
                    Later(client).expect(where)
                rounds += 1
                tunnels.close_all()
    if cuts < 0.9 * rounds:
        fail(f'only {cuts} cuts in {rounds} rounds')
    print(f'run: {rounds} rounds with {cuts} cuts: each of {len(ups)} bytes up and {len(downs)} '
          f'places down (handshake, heads, some of the data)')
    # What is dead has no name any more.
    eventually('dead sockets go', lambda: not os.listdir(os.path.join(work, 'tunnels')))
    client.close()


# ---- tunnels that lead elsewhere, and machines that talk nonsense ------------------------------


def answering(reply, **handshake):
    """A machine whose handshake is right and that answers a request with reply(command, cookie,
    offset, length)."""
    def behave(sock):
        nbd.shake_hands(sock, len(disk), **handshake)
        while True:
            sock.sendall(reply(*nbd.request(sock)))
    return behave


def greeting(data):
    def behave(sock):
        sock.sendall(data)
        while sock.recv(4096):
            pass
    return behave


def endless(sock):
    """A handshake that never ends: always one more thing to tell."""
    sock.sendall(b'NBDMAGICIHAVEOPT' + struct.pack('>H', 3))
    nbd.receive(sock, 4 + 16)
    reply = struct.pack('>QIII', nbd.REPLY, 8, 0x80000001, 0)
    sock.sendall(reply)
    nbd.receive(sock, 16)
    while True:
        sock.sendall(struct.pack('>QIIIHQH', nbd.REPLY, 7, 3, 12, 0, len(disk), 3))
        time.sleep(0.01)


def data_chunk(cookie, offset, length, last=True):
    return nbd.chunk(1, cookie, struct.pack('>Q', offset) + bytes(length), last)


def simple(cookie, error=0):
    return struct.pack('>IIQ', 0x67446698, error, cookie)


WRONG = (
    ('another size', lambda sock: (nbd.shake_hands(sock, len(disk) + 512), sock.recv(1)),
     'its disk has another size'),
    ('one that can be written to', lambda sock: (nbd.shake_hands(sock, len(disk), flags=1),
                                                 sock.recv(1)),
     'its export can be written to'),
    ('sshd', greeting(b'SSH-2.0-OpenSSH_10.0\r\n'), 'not that of an NBD server'),
    ('an old NBD server', greeting(b'NBDMAGICIHAVEOPT\0\0'), 'fixed newstyle handshake'),
    ('a port that closes at once', lambda sock: None, "the machine's end was closed"),
    ('a wrong option', greeting(b'NBDMAGICIHAVEOPT\0\3' +
                                struct.pack('>QIII', nbd.REPLY, 7, 1, 0)),
     'it answered another option'),
    ('a long answer', greeting(b'NBDMAGICIHAVEOPT\0\3' +
                               struct.pack('>QIII', nbd.REPLY, 8, 1, 1 << 30)),
     'an answer in its handshake is too long'),
    ('a short reply', answering(lambda _, c, o, n: data_chunk(c, o, n - 1)),
     'shorter or longer than what was asked for'),
    ('a long reply', answering(lambda _, c, o, n: data_chunk(c, o, n + 1)),
     'data that was not asked for'),
    ('a reply in pieces that lacks one', answering(
        lambda _, c, o, n: data_chunk(c, o, 512, False) + nbd.chunk(0, c, b'')),
     'shorter or longer than what was asked for'),
    ('a piece again', answering(
        lambda _, c, o, n: data_chunk(c, o, n, False) + data_chunk(c, o, 512)),
     'shorter or longer than what was asked for'),
    ('data of elsewhere', answering(lambda _, c, o, n: data_chunk(c, o + 512, n)),
     'data that was not asked for'),
    ('data of nowhere', answering(lambda _, c, o, n: data_chunk(c, (1 << 64) - 512, n)),
     'data that was not asked for'),
    ('a hole of elsewhere', answering(
        lambda _, c, o, n: nbd.chunk(2, c, struct.pack('>QI', o, n + 512))),
     'a hole that was not asked for'),
    ('a hole of no length', answering(
        lambda _, c, o, n: nbd.chunk(2, c, struct.pack('>QI', o, 0))),
     'a hole that was not asked for'),
    ('an answer to what was not asked', answering(lambda _, c, o, n: data_chunk(c + 16, o, n)),
     'an answer to what was not asked'),
    ('an answer to nobody', answering(lambda _, c, o, n: data_chunk((1 << 64) - 1, o, n)),
     'an answer to what was not asked'),
    ('an answer twice', answering(
        lambda _, c, o, n: nbd.chunk(1, c, struct.pack('>Q', o) + disk[o:o + n]) * 2),
     'an answer to what was not asked'),
    ('a simple reply', answering(lambda _, c, o, n: simple(c) + bytes(n)), 'a simple reply'),
    ('a structured reply', answering(lambda _, c, o, n: data_chunk(c, o, n), structured=False),
     'a structured reply that was not agreed on'),
    ('a block status', answering(
        lambda _, c, o, n: nbd.chunk(5, c, struct.pack('>III', 1, n, 0))),
     'a block status that was not asked for'),
    ('a long part', answering(lambda _, c, o, n: nbd.chunk(9, c, b'', length=1 << 31)),
     'a part of a reply that is too long'),
    ('an error without a number', answering(
        lambda _, c, o, n: nbd.chunk(0x8001, c, bytes(6))), 'an error without a number'),
    ('no reply', answering(lambda _, c, o, n: b'HTTP/1.1 400 Bad Request\r\n\r\n'),
     'no reply where one has to begin'),
    ('an export that ends', answering(
        lambda _, c, o, n: nbd.chunk(0x8001, c, struct.pack('>IH', 108, 0))),
     'is ending'),
    ('a block size', lambda sock: nbd.shake_hands(sock, len(disk), minimum=1000),
     'its block size makes no sense'),
)


def wrong():
    client = nbd.Client(int(port))
    tunnels = nbd.Tunnels(work, target)
    tunnels.number = 1000
    for i, (what, behave, sentence) in enumerate(WRONG):
        before = said(sentence)
        machine = nbd.Machine(work, i, behave)
        later = Later(client)
        eventually(f'{what}: "{sentence}"', lambda: said(sentence) > before)
        if later.data is not None and 'twice' not in what:
            fail(f'{what}: the reader got something')
        machine.close()
        tunnels.add()
        later.expect(f'after {what}')
        tunnels.close_all()
    print(f'run: {len(WRONG)} wrong machines')
    client.close()


def never():
    """Handshakes that never end, beside which a right tunnel comes."""
    client = nbd.Client(int(port))
    tunnels = nbd.Tunnels(work, target)
    tunnels.number = 1000
    machines = [nbd.Machine(work, 1, lambda sock: sock.recv(1)),
                nbd.Machine(work, 2, lambda sock: (sock.sendall(b'NBDMAGIC'), sock.recv(1))),
                nbd.Machine(work, 3, endless)]
    later = Later(client)
    time.sleep(1)
    if later.data is not None:
        fail('the reader got something')
    tunnels.add()
    later.expect('after handshakes that never end')
    eventually('a sentence', lambda: said('it has been silent, and another one answers') >= 2)
    for machine in machines:
        machine.close()
    tunnels.close_all()


def plain():
    """A machine that knows neither structured replies nor base:allocation; and one with sectors of
    4096 bytes that insists on them."""
    client = nbd.Client(int(port))
    requests = []

    def reply(command, cookie, offset, length):
        requests.append((offset, length))
        if command != nbd.READ:
            fail('it was asked for what it does not have')
        return simple(cookie) + disk[offset:offset + length]

    machine = nbd.Machine(work, 1, answering(reply, structured=False))
    Later(client).expect('simple replies')
    begin = time.monotonic()
    for _ in range(20):
        if client.status(0, len(disk)) != [(len(disk), 0)]:
            fail('without base:allocation all is data')
    if time.monotonic() - begin > 15:
        fail('a block status waits for something else to happen')
    machine.close()

    def reply_strict(command, cookie, offset, length):
        if offset % 4096 or length % 4096:
            return nbd.chunk(0x8001, cookie, struct.pack('>IH', 22, 0))
        if command == nbd.READ:
            return nbd.chunk(1, cookie, struct.pack('>Q', offset) + disk[offset:offset + length])
        # 4096 bytes of data, and a hole.
        hole = struct.pack('>II', length - 4096, 3) if length > 4096 else b''
        return nbd.chunk(5, cookie, struct.pack('>III', 1, 4096, 0) + hole)

    machine = nbd.Machine(work, 2, answering(reply_strict, minimum=4096))
    Later(client, ((5, 100), (4095, 2), (131071, 131073))).expect('sectors of 4096 bytes')
    for offset, length, extents in ((0, 65536, [(4096, 0), (61440, 3)]),
                                    (512, 65536, [(3584, 0), (61952, 3)]),
                                    (1, 2, [(2, 0)]), (4097, 20000, [(4095, 0), (15905, 3)])):
        got = client.status(offset, length)
        if got != extents:
            fail(f'block status of {offset}, {length}: {got}')
    machine.close()
    client.close()


def ports():
    """Where sshd forwards no sockets, a file has the port."""
    import socket
    client = nbd.Client(int(port))
    listener = socket.create_server(('127.0.0.1', 0))

    def accept():
        sock = listener.accept()[0]
        answering(lambda _, c, o, n: nbd.chunk(1, c, struct.pack('>Q', o) + disk[o:o + n]))(sock)

    def quietly():
        try:
            accept()
        except (OSError, EOFError):
            pass

    threading.Thread(target=quietly, daemon=True).start()
    name = os.path.join(work, nbd.tunnel_name(1))
    for text in ('', 'x', '0', '70000'):
        with open(os.path.join(work, nbd.tunnel_name(7)), 'w') as file:
            file.write(text)
    with open(name + '.new', 'w') as file:
        file.write(f'{listener.getsockname()[1]}\n')
    os.rename(name + '.new', name)
    Later(client).expect('by a port')
    # Files that lead nowhere are dead, too.
    eventually('dead files go', lambda: not os.path.exists(os.path.join(work, nbd.tunnel_name(7))))
    client.close()


# ---- silence -------------------------------------------------------------------------------------


def silent():
    """One of two is silent with requests in it: the other one gets them."""
    client = nbd.Client(int(port))
    tunnels = nbd.Tunnels(work, target)
    numbers = [tunnels.add(), tunnels.add()]
    # Where this host is slow just now, a tunnel may have more than one.
    eventually('both are there', lambda: all(tunnels.connections().values()))
    Later(client).expect('two tunnels')
    tunnels.hold(numbers[0])
    begin = time.monotonic()
    later = [Later(nbd.Client(int(port)), ((offset, 65536),)) for offset in range(0, 262144, 65536)]
    for one in later:
        one.expect('beside a silent tunnel')
    if time.monotonic() - begin < 9:
        fail('nothing waited for the silent tunnel: was it asked at all?')
    if said('it has been silent, and another one answers') != 1:
        fail('that was not said')
    tunnels.close_all()


def replaced():
    """The only one is silent with requests in it, and another one is made in its place."""
    client = nbd.Client(int(port))
    tunnels = nbd.Tunnels(work, target)
    first = tunnels.add()
    eventually('it is there', lambda: all(tunnels.connections().values()))
    Later(client).expect('one tunnel')
    tunnels.hold(first)
    later = Later(nbd.Client(int(port)), ((65536, 65536),))
    time.sleep(3)
    tunnels.add()
    later.expect('in place of a silent tunnel')
    if said('it was silent when a newer one came') != 1 or said('and another one answers'):
        fail('it was waited for')
    tunnels.close_all()


def slow():
    """A place of which the machine says nothing for longer than a silent tunnel is waited for: it
    comes nevertheless, because the next one is given more time."""
    client = nbd.Client(int(port))

    def reply(_, cookie, offset, length):
        if offset == 131072:
            time.sleep(13)
        return nbd.chunk(1, cookie, struct.pack('>Q', offset) + disk[offset:offset + length])

    machines = [nbd.Machine(work, number, answering(reply)) for number in (1, 2)]
    Later(client, ((0, 65536),)).expect('a place that is not slow')
    Later(client, ((131072, 65536),)).expect('a slow place', 120)
    if said('it has been silent, and another one answers') != 1:
        fail('it was not asked for twice')
    for machine in machines:
        machine.close()

    # One that is always slow is not told each time.
    def reply_late(*request):
        time.sleep(11)
        return reply(*request)

    eventually('both are gone', lambda: said('there is no tunnel'))
    before = said('there is no tunnel')
    machine = nbd.Machine(work, 3, answering(reply_late))
    for offset in (0, 65536, 196608):
        Later(client, ((offset, 512),)).expect('a slow machine')
    if said('there is no tunnel') - before > 2:
        fail(f'{said("there is no tunnel") - before} times it is told to be silent')
    machine.close()


class Late:
    """A socket from which all comes 30 ms later."""

    def __init__(self, sock):
        self.sock, self.sendall = sock, sock.sendall

    def recv(self, length):
        data = self.sock.recv(length)
        time.sleep(0.03)
        return data


def delayed():
    """Where an answer takes long, a tunnel gets several links, if it takes them. When it is lost,
    that is said once."""
    def reply(_, cookie, offset, length):
        return nbd.chunk(1, cookie, struct.pack('>Q', offset) + disk[offset:offset + length])

    def late(sock):
        time.sleep(0.03)
        answering(reply)(Late(sock))

    taken = []

    def late_once(sock):
        taken.append(sock)
        if taken[0] is sock:
            late(sock)

    client = nbd.Client(int(port))
    machine = nbd.Machine(work, 1, late)
    Later(client).expect('several links')
    eventually('several links', lambda: len(machine.socks) > 3)
    Later(client).expect('several links, again')
    if len(machine.socks) > 8:
        fail(f'{len(machine.socks)} links')
    machine.close()
    eventually('a loss that is said', lambda: said('a tunnel is lost'))

    machine = nbd.Machine(work, 2, late_once)
    for _ in range(3):
        Later(client).expect('a machine that takes one')
    eventually('more are tried', lambda: len(machine.socks) > 3)
    Later(client).expect('a machine that takes one, again')
    if len(machine.socks) > 8:
        fail(f'it tried {len(machine.socks)} times')
    if said('a tunnel is lost') != 1:
        fail('that a link was lost is said more than once')
    machine.close()


def hang():
    """Leaves a silent tunnel, and readers that wait. The caller ends the relay."""
    clients = [nbd.Client(int(port)) for _ in range(3)]
    tunnels = nbd.Tunnels(work, target)
    number = tunnels.add()
    same(0, clients[0].read(0, 512), 'before the silence')
    tunnels.hold(number)
    for client in clients:
        for offset in range(65536, 262144, 65536):  # the first block is kept
            client.ask(nbd.READ, offset, 65536)
    clients[0].ask(nbd.BLOCK_STATUS, 0, len(disk))
    print('waiting', flush=True)
    for client in clients:
        try:
            nbd.receive(client.sock, 1)
            fail('it got something')
        except (EOFError, ConnectionResetError):
            pass


globals()[case]()
