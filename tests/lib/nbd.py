# SPDX-License-Identifier: GPL-2.0-or-later
"""NBD for tests in Python: a client, a machine that says what a test wants, and a tunnel that
can be cut at any byte. https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md"""
import os
import selectors
import socket
import struct
import threading

OPTION, REPLY = b'IHAVEOPT', 0x3E889045565A9
READ, BLOCK_STATUS = 0, 7
HOLE_ZERO = 3


class NbdError(Exception):
    def __init__(self, number):
        super().__init__(f'NBD error {number}')
        self.number = number


def receive(sock, length):
    data = bytearray()
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise EOFError(f'the connection was closed after {len(data)} of {length} bytes')
        data += more
    return bytes(data)


class Client:
    """A reader: structured replies, extended headers and base:allocation if it is told so."""

    def __init__(self, port, host='127.0.0.1', structured=True, extended=False):
        self.structured, self.extended, self.cookie = structured or extended, extended, 0
        self.sock = socket.create_connection((host, port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive(self.sock, 18)[:16] != b'NBDMAGICIHAVEOPT':
            raise ValueError('this is no NBD server')
        self.sock.sendall(struct.pack('>I', 3))
        if extended:
            self._option(11, b'')
        elif structured:
            self._option(8, b'')
        if self.structured:
            query = b'base:allocation'
            self._option(10, struct.pack('>III', 0, 1, len(query)) + query)
        info = self._option(7, struct.pack('>IH', 0, 0))
        self.size, self.flags = struct.unpack('>QH', info[0][2:12])

    def _option(self, option, data):
        self.sock.sendall(OPTION + struct.pack('>II', option, len(data)) + data)
        payloads = []
        while True:
            _, _, kind, length = struct.unpack('>QIII', receive(self.sock, 20))
            payloads.append(receive(self.sock, length))
            if kind == 1:
                return payloads
            if kind & 0x80000000:
                raise NbdError(kind)

    def ask(self, command, offset, length, flags=0):
        """Sends a request and does not wait. Returns its cookie."""
        self.cookie += 1
        form, magic = ('>IHHQQQ', 0x21E41C71) if self.extended else ('>IHHQQI', 0x25609513)
        self.sock.sendall(struct.pack(form, magic, flags, command, self.cookie, offset, length))
        return self.cookie

    def answer(self, lengths):
        """The next reply: (cookie, data or extents or NbdError). lengths: of each cookie."""
        if not self.structured:
            magic, error, cookie = struct.unpack('>IIQ', receive(self.sock, 16))
            if magic != 0x67446698:
                raise ValueError(f'reply {magic:x}')
            return cookie, NbdError(error) if error else receive(self.sock, lengths[cookie])
        if self.extended:
            head = struct.unpack('>IHHQQQ', receive(self.sock, 32))
            (magic, flags, kind, cookie), size = head[:4], head[5]
        else:
            magic, flags, kind, cookie, size = struct.unpack('>IHHQI', receive(self.sock, 20))
        if magic != (0x6E8A278C if self.extended else 0x668E33EF) or flags != 1:
            raise ValueError(f'reply {magic:x}, flags {flags}')
        data = receive(self.sock, size)
        if kind & 0x8000:
            return cookie, NbdError(struct.unpack('>I', data[:4])[0])
        if kind == 1:
            return cookie, data[8:]
        if kind == 5:
            return cookie, list(struct.iter_unpack('>II', data[4:]))
        if kind == 6:
            return cookie, list(struct.iter_unpack('>QQ', data[8:]))
        raise ValueError(f'part {kind} of a reply')

    def _one(self, command, offset, length):
        cookie = self.ask(command, offset, length)
        got, result = self.answer({cookie: length})
        if got != cookie:
            raise ValueError('an answer to another request')
        if isinstance(result, NbdError):
            raise result
        return result

    def read(self, offset, length):
        return self._one(READ, offset, length)

    def status(self, offset, length):
        return self._one(BLOCK_STATUS, offset, length)

    def read_all(self, pieces):
        """Asks for all (offset, length) at once. Returns their data in this order."""
        lengths, data = {}, {}
        for offset, length in pieces:
            lengths[self.ask(READ, offset, length)] = length
        cookies = list(lengths)
        while lengths:
            cookie, result = self.answer(lengths)
            if isinstance(result, NbdError):
                raise result
            del lengths[cookie]
            data[cookie] = result
        return [data[cookie] for cookie in cookies]

    def close(self):
        self.sock.close()


def tunnel_name(number, disk=0):
    return f'tunnels/{disk}-{number}'


def listen(directory, number):
    """A socket as sshd makes it: its name is there when it can be connected to."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    new = os.path.join(directory, f'new-{number}')
    sock.bind(new)
    sock.listen(16)
    os.rename(new, os.path.join(directory, tunnel_name(number)))
    return sock


class Machine:
    """Sits at the end of a tunnel and does with each connection what behave(sock) does."""

    def __init__(self, directory, number, behave):
        self.path = os.path.join(directory, tunnel_name(number))
        self.behave, self.socks = behave, []
        self.listener = listen(directory, number)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock = self.listener.accept()[0]
            except OSError:
                return
            self.socks.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        try:
            self.behave(sock)
        except (OSError, EOFError):
            pass
        finally:
            hang_up(sock)

    def close(self):
        hang_up(self.listener)
        for sock in self.socks:
            hang_up(sock)
        if os.path.exists(self.path):
            os.unlink(self.path)


def hang_up(sock):
    """A thread that waits for the socket gets to know."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()


def shake_hands(sock, size, flags=3, structured=True, allocation=True, minimum=None):
    """The handshake of a machine, up to the requests."""
    sock.sendall(b'NBDMAGIC' + OPTION + struct.pack('>H', 3))
    receive(sock, 4)

    def reply(option, kind, data=b''):
        sock.sendall(struct.pack('>QIII', REPLY, option, kind, len(data)) + data)

    while True:
        magic, option, length = struct.unpack('>8sII', receive(sock, 16))
        if magic != OPTION:
            raise ValueError(f'option {magic}')
        receive(sock, length)
        if option == 8 and structured:
            reply(option, 1)
        elif option == 10 and allocation:
            reply(option, 4, struct.pack('>I', 1) + b'base:allocation')
            reply(option, 1)
        elif option == 7:
            reply(option, 3, struct.pack('>HQH', 0, size, flags))
            if minimum:
                reply(option, 3, struct.pack('>HIII', 3, minimum, minimum, 32 << 20))
            reply(option, 1)
            return
        else:
            reply(option, 0x80000001)


def request(sock):
    """The next one: (command, cookie, offset, length)."""
    _, _, command, cookie, offset, length = struct.unpack('>IHHQQI', receive(sock, 28))
    return command, cookie, offset, length


def chunk(kind, cookie, data, last=True, length=None):
    return struct.pack('>IHHQI', 0x668E33EF, int(last), kind, cookie,
                       len(data) if length is None else length) + data


class Tunnels:
    """Tunnels to the export at the socket target, in a work directory, that can be cut: each
    carries so many bytes of one direction and no more."""

    def __init__(self, directory, target):
        self.directory, self.target, self.number = directory, target, 0
        self.selector = selectors.DefaultSelector()
        self.lock = threading.RLock()
        self.up = self.down = 0     # bytes of all connections
        self.held = set()           # numbers of those that carry nothing for now
        self.on_cut = None          # called when one was cut
        self.open = {}              # number: (listener, [sockets])
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, up=None, down=None):
        """A new one, which is cut after so many bytes to the machine or from it. Returns its
        number."""
        with self.lock:
            self.number += 1
            listener = listen(self.directory, self.number)
            self.open[self.number] = (listener, [])
            self.selector.register(listener, selectors.EVENT_READ,
                                   (self._accept, self.number, up, down))
            return self.number

    def _accept(self, listener, number, up, down):
        sock = listener.accept()[0]
        machine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        machine.connect(self.target)
        self.open[number][1].extend([sock, machine])
        for source, to, left, way in ((sock, machine, up, 'up'), (machine, sock, down, 'down')):
            self.selector.register(source, selectors.EVENT_READ,
                                   (self._carry, number, to, [left], way))
        if up == 0 or down == 0:
            self._cut(number)

    def _carry(self, source, number, to, left, way):
        try:
            data = source.recv(1 << 18 if left[0] is None else min(1 << 18, left[0]))
            if data:
                to.sendall(data)
        except OSError:
            data = b''
        setattr(self, way, getattr(self, way) + len(data))
        if left[0] is not None:
            left[0] -= len(data)
        if not data:
            self.close(number)
        elif left[0] == 0:
            self._cut(number)

    def _cut(self, number):
        self.close(number)
        if self.on_cut:
            self.on_cut()

    def close(self, number):
        """Its ssh dies: the socket's name stays, and nobody is there."""
        with self.lock:
            listener, socks = self.open.pop(number, (None, []))
            for sock in [listener, *socks]:
                if sock:
                    try:
                        self.selector.unregister(sock)
                    except KeyError:
                        pass
                    hang_up(sock)

    def close_all(self):
        with self.lock:
            for number in list(self.open):
                self.close(number)

    def hold(self, number):
        """It is silent from now on."""
        with self.lock:
            for sock in self.open[number][1]:
                self.selector.unregister(sock)

    def connections(self):
        with self.lock:
            return {number: len(socks) // 2 for number, (_, socks) in self.open.items()}

    def _run(self):
        while True:
            events = self.selector.select(0.05)
            with self.lock:
                for key, _ in events:
                    if key.fileobj.fileno() >= 0:
                        function, *arguments = key.data
                        function(key.fileobj, *arguments)
