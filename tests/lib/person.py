# SPDX-License-Identifier: GPL-2.0-or-later
"""A person at a terminal: a pseudo-terminal with a program on it, an emulator that keeps what the
terminal shows, and keys.

    person = Person(["build/p2v-console"], term="xterm")
    person.sees("Server")           waits for the text, or fails with what is on the screen
    person.press("tab", "enter")    keys by name, other text as it is
    person.picture()                the screen as text
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

KEYS = {"tab": "\t", "enter": "\r", "esc": "\033", "up": "\033[A", "down": "\033[B", "right": "\033[C",
        "left": "\033[D", "untab": "\033[Z", "f1": "\033OP", "f2": "\033OQ", "f3": "\033OR", "f4": "\033OS",
        "f5": "\033[15~", "f6": "\033[17~", "pgup": "\033[5~", "pgdn": "\033[6~", "space": " ", "ctrl-c": "\003",
        "backspace": "\177", "home": "\033[1~", "end": "\033[4~", "ctrl-u": "\025", "ctrl-k": "\013",
        "ctrl-\\": "\034"}
BEGIN = time.monotonic()
PATIENCE = 60  # seconds: the machine may have much else to do


class Failure(Exception):
    """What was to be seen is not there."""


class Person:
    """See above. @rate: bytes per second that the line carries, as a slow serial line. @answers:
    nobody has told the kernel the size, and the terminal tells it when it is asked."""

    def __init__(self, command, term="xterm", columns=80, rows=24, rate=0, answers=False, **environment):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.everything = b""
        self.rate = rate
        self.columns, self.rows = columns, rows
        self.answers = answers
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            variables = {**os.environ, "TERM": term, "LC_ALL": "C.UTF-8", **environment}
            # The size is set before the program starts, except where it is to ask for it.
            if not answers:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], command, variables)

    def read(self, seconds):
        """Takes what the program has written; returns False at its end."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.terminal, min(self.rate // 20 or 65536, 65536))
        except OSError:
            return False
        if not piece:
            return False
        self.everything += piece
        self.stream.feed(piece)
        if self.answers and b"\033[6n" in piece:
            os.write(self.terminal, f"\033[{self.rows};{self.columns}R".encode())
        if self.rate:
            time.sleep(len(piece) / self.rate)
        return True

    def picture(self):
        """The screen as text."""
        return "".join(line.rstrip() + "\n" for line in self.screen.display)

    def until(self, condition, what):
        """Waits until condition() is true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end or not self.read(0.2):
                raise Failure(f"{what}\n{self.picture()}")

    def sees(self, *texts):
        """Waits until all texts are on the screen, each a regular expression."""
        for text in texts:
            self.until(lambda t=text: re.search(t, self.picture()), f"there is no '{text}' on the screen")

    def sees_no(self, text):
        """Waits until the text is not on the screen."""
        self.until(lambda: not re.search(text, self.picture()), f"'{text}' is still on the screen")

    def press(self, *keys):
        """Presses keys, one after the other, and lets the program draw. Escape is the last of them:
        another key that comes soon makes an escape sequence of it, so wait for what it brings."""
        if "esc" in keys[:-1]:
            raise ValueError("Escape is not the last key")
        for key in keys:
            # An escape sequence comes at once, so that it is not taken for Escape.
            before = self.slept()
            os.write(self.terminal, KEYS.get(key, key).encode(errors="surrogateescape"))
            self.rest(before)

    def slept(self):
        """How often the program has waited for something."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="utf-8", errors="replace") as file:
                return re.search(r"^voluntary_ctxt_switches:\s*(\d+)", file.read(), re.M)[1]
        except (OSError, TypeError):
            return None

    def waits(self, before):
        """Whether the program has read all keys and waits again, or is gone. That nothing is to be read
        is not enough: the kernel hands keys on a moment later."""
        try:
            slave = os.open(f"/proc/{self.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
            try:
                if fcntl.ioctl(slave, termios.FIONREAD, bytes(4)) != bytes(4):
                    return False
            finally:
                os.close(slave)
            with open(f"/proc/{self.pid}/stat", encoding="utf-8", errors="replace") as file:
                return file.read().rsplit(") ", 1)[1][0] != "R" and self.slept() != before
        except OSError:
            return True

    def rest(self, before):
        """Takes what comes until the program waits; not for long: one that is stopped reads no keys."""
        end = time.monotonic() + 0.3
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.002)[0]:
                if not self.read(0):
                    return
            elif self.waits(before) and not select.select([self.terminal], [], [], 0.01)[0]:
                return

    def settle(self, seconds=0.15):
        """Takes what comes until nothing has come for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                if not self.read(0):
                    return
                end = max(end, time.monotonic() + 0.02)

    def fill(self, text):
        """Writes text into the current field in place of what is there."""
        self.press("home", "ctrl-k", text)

    def resize(self, columns, rows):
        """Gives the terminal another size."""
        self.columns, self.rows = columns, rows
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def kill(self, number=signal.SIGKILL):
        """Ends the program; returns its status."""
        os.kill(self.pid, number)
        end = time.monotonic() + PATIENCE
        while self.read(0.5):
            if time.monotonic() > end:
                raise Failure(f"it does not end by signal {number}")
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.terminal)
        return status


def say(text):
    """Progress, for who reads the test's output."""
    print(f"{time.monotonic() - BEGIN:5.1f} s  {text}", flush=True, file=sys.stderr)
