#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""qmp.py SOCKET COMMAND [ARGUMENTS], qmp.py SOCKET --keys TEXT

Sends a command to a QEMU, with its ARGUMENTS as JSON, and prints what it returns as JSON. Or
presses keys, one after the other, as on a US keyboard.
"""
import json
import socket
import sys
import time

NAMES = dict(zip(" .-/=\n\t\x1b", "spc dot minus slash equal ret tab esc".split()))


class Qmp:
    """A connection to a QEMU."""

    def __init__(self, path):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(path)
        self.stream = connection.makefile("rw")
        self.stream.readline()
        self.ask("qmp_capabilities", {})

    def ask(self, command, arguments):
        """What the command returns; events are passed over."""
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        while True:
            answer = json.loads(self.stream.readline())
            if "error" in answer:
                sys.exit(answer["error"]["desc"])
            if "return" in answer:
                return answer["return"]

    def press(self, character):
        """The key of a character, with the shift key for a capital letter."""
        keys = (["shift"] if character.isupper() else []) + [NAMES.get(character, character.lower())]
        self.ask("send-key", {"keys": [{"type": "qcode", "data": key} for key in keys], "hold-time": 20})
        time.sleep(0.08)


qmp = Qmp(sys.argv[1])
if sys.argv[2] == "--keys":
    for letter in sys.argv[3]:
        qmp.press(letter)
else:
    print(json.dumps(qmp.ask(sys.argv[2], json.loads(sys.argv[3] if len(sys.argv) > 3 else "{}"))))
