#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""fleet.py TOP DIRECTORY MACHINES SERVERS SLOTS SEED WAVE BREAKS CALM

The weekend of tests/soak/fleet, which has made the place: all machines start, WAVE seconds after each
other, and meanwhile something breaks again and again. What takes part stands in fleet_parts.py, what is
true at the end in fleet_judge.py. Exit code 1 if something is not.

The seed says which faults come, in which order, how long each lasts and how long it is quiet after it;
the first ones are one of each kind.
"""
import glob
import os
import random
import signal
import sys
import threading
import time

import fleet_judge
from fleet_parts import Fleetd, Machine, Server
from fleet_queue import Watcher

TOP, TMP = sys.argv[1:3]
MACHINES, SERVERS, SLOTS, SEED = (int(word) for word in sys.argv[3:7])
WAVE = float(sys.argv[7])
BREAKS = int(sys.argv[8])  # at most so many faults; 0: until all machines are through
CALM = int(sys.argv[9])  # seconds from one to the next, at most


class Weekend(threading.Thread):
    """The faults. counts: how many of each kind."""

    def __init__(self, servers, machines, fleetd):
        super().__init__(daemon=True)
        self.servers, self.machines, self.fleetd = servers, machines, fleetd
        self.counts = {}
        self.over = threading.Event()

    def run(self):
        dice = random.Random(SEED)
        kinds = ["server", "link", "fleetd", "tunnel"]
        dice.shuffle(kinds)
        number = 0
        while not self.over.wait(dice.uniform(1, CALM)):
            kind = kinds[number] if number < len(kinds) else dice.choice([*kinds, "tunnel"])
            number += 1
            if 0 < BREAKS < number:
                break
            which, length = dice.random(), dice.random()
            try:
                happened = getattr(self, "break_" + kind)(which, length)
            except OSError:  # what was to be broken has just ended
                happened = False
            if happened:
                self.counts[kind] = self.counts.get(kind, 0) + 1

    def break_server(self, which, length):
        server = self.servers[int(which * len(self.servers))]
        server.lose_power()
        time.sleep(1 + 7 * length)
        server.start()
        return True

    def break_link(self, which, length):
        server = self.servers[int(which * len(self.servers))]
        server.link("down")
        # Every other one is so long that connections are given up.
        time.sleep(1 + 14 * length)
        server.link("up")
        return True

    def break_fleetd(self, _which, length):
        self.fleetd.kill()
        time.sleep(0.5 + 4 * length)
        self.fleetd.start()
        return True

    def break_tunnel(self, which, _length):
        running = [machine for machine in self.machines if machine.is_running()]
        first = int(which * len(running))
        for machine in running[first:] + running[:first]:
            for path in glob.glob(f"/proc/{machine.process.pid}/task/*/children"):
                with open(path, encoding="ascii") as stream:
                    children = stream.read().split()
                for child in children:
                    with open(f"/proc/{child}/cmdline", "rb") as words:
                        if words.read().startswith(b"ssh\0"):
                            os.kill(int(child), signal.SIGKILL)
                            return True
        return False


def main():
    servers = [Server(TMP, number + 1) for number in range(SERVERS)]
    machines = [Machine(TMP, number + 1, 1800 + 30 * MACHINES) for number in range(MACHINES)]
    fleetd = Fleetd(TOP, TMP)
    for server in servers:
        server.start()
    fleetd.start()
    begin = time.monotonic()
    watcher = Watcher(servers, machines, SLOTS)
    weekend = Weekend(servers, machines, fleetd)
    watcher.start()
    weekend.start()
    for machine in machines:
        machine.start()
        time.sleep(WAVE)
    for machine in machines:
        machine.join()
    took = time.monotonic() - begin
    weekend.over.set()
    weekend.join()
    print(f"{MACHINES} machines, {f'{WAVE:g} s after each other' if WAVE else 'all at once'}, "
          f"{SERVERS} servers of {SLOTS} slots, seed {SEED}: {took:.0f} s")
    print("faults: " + (", ".join(f"{name} {count}" for name, count in sorted(weekend.counts.items())) or "none"))
    wrong = fleet_judge.judge(servers, machines, fleetd, watcher, SLOTS)
    fleetd.process.terminate()
    for server in servers:
        server.process.kill()
    print(f"{wrong} wrong")
    sys.exit(bool(wrong))


main()
