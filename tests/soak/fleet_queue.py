# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests/soak/fleet.py sees of the servers' queues while they work: the files of src/server/slots.sh,
looked at again and again, on the servers' own disks. So what is judged is not what p2vd says of it."""
import fcntl
import os
import threading
import time

from fleet_parts import peak_of


STAYS_SECONDS = 60  # after its virt-v2v has ended, a slot is not free: it never will be


class Place:
    """One machine's place in one queue. Times are those of this clock; 0: not yet."""

    def __init__(self, order, seen):
        self.order = order  # seconds; who came earlier has less
        self.seen = seen
        self.served = 0
        self.gone = 0
        self.guest = ""


class Queue:
    """The queue of a server since it was started."""

    def __init__(self, server, path):
        self.server = server
        self.path = path
        self.places = {}  # of each UNIQUE and place
        self.free_since = 0  # while somebody waits

    def names(self):
        try:
            return sorted(os.listdir(self.path))
        except FileNotFoundError:
            return []

    def look(self, slots, now):
        """Returns for how long now a slot was free for which somebody waits."""
        tickets, holders = {}, {}
        for name in self.names():
            kind, _, rest = name.partition("-")
            if kind == "ticket" and "-" in rest:
                moment, _, unique = rest.partition("-")
                tickets[(unique, "ticket-" + moment)] = int(moment) / 1000
            elif kind == "slot":
                try:
                    with open(f"{self.path}/{name}", encoding="utf-8") as stream:
                        words = stream.read().split()
                except OSError:
                    continue
                if len(words) == 3:
                    holders[words[0]] = (int(words[1]), words[2])
        for key, order in tickets.items():
            self.places.setdefault(key, Place(order, now))
        for unique, (began, guest) in holders.items():
            self.serve(unique, began, guest, now)
        for key, place in self.places.items():
            there = key in tickets or (place.served and key[0] in holders)
            if not there and not place.gone:
                place.gone = now
        if not tickets or len(holders) >= slots:
            self.free_since = 0
            return 0
        self.free_since = self.free_since or now
        return now - self.free_since

    def serve(self, unique, began, guest, now):
        mine = [place for key, place in self.places.items() if key[0] == unique and not place.gone]
        if not mine:
            mine = [self.places.setdefault((unique, f"slot-{began}"), Place(began, now))]
        for place in mine:
            if not place.served:
                place.served, place.guest = now, guest

    def end(self, now):
        """Its server has been started again."""
        for place in self.places.values():
            place.gone = place.gone or now

    def overtaken(self):
        """By how many machines each was."""
        for key, place in self.places.items():
            end = place.served or place.gone
            yield key, sum(1 for other in self.places.values()
                           if other.order > place.order and other.served and end and other.served < end)

    def stays(self, now):
        """The guests whose slot stays taken, though all of the guest is there."""
        ends = {name: moment for moment, word, name, _ in self.server.ledger() if word == "end"}
        for place in self.places.values():
            if place.served and not place.gone and place.served < ends.get(place.guest, 0) < now - STAYS_SECONDS:
                yield place.guest

    def locked(self):
        """The files of places and slots that somebody still holds."""
        found = []
        for name in self.names():
            if not name.startswith(("ticket-", "slot-")):
                continue
            with open(f"{self.path}/{name}", "rb") as stream:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    found.append(name)
        return found


class Watcher(threading.Thread):
    """All queues of all servers, and memory."""

    def __init__(self, servers, machines, slots):
        super().__init__(daemon=True)
        self.servers, self.machines, self.slots = servers, machines, slots
        self.queues = {}
        self.idle = (0, 0)  # the longest time that a slot was free while somebody waited; where
        self.stays = set()  # guests whose slot stays taken; then all machines give up
        self.peak = 0  # memory of a p2vd, KiB
        self.over = threading.Event()

    def run(self):
        rounds = 0
        while not self.over.wait(0.1):
            self.look()
            rounds += 1
            if rounds % 20 == 0:
                self.weigh()
                self.see_stays(time.time())

    def look(self):
        for server in self.servers:
            home = f"{server.directory}/home"
            for name in os.listdir(home):
                if name.startswith(".virt-p2v-queue-") and name not in self.queues:
                    self.queues[name] = Queue(server, f"{home}/{name}")
        now = time.time()
        for queue in self.queues.values():
            if queue is not self.newest(queue.server):
                queue.end(now)
            elif queue.server.process.poll() is None:
                self.idle = max(self.idle, (queue.look(self.slots, now), queue.server.number))

    def newest(self, server):
        """That of the present boot, if there was one."""
        try:
            with open(f"{server.directory}/boot_id", encoding="ascii") as stream:
                return self.queues.get(".virt-p2v-queue-" + stream.read().strip())
        except FileNotFoundError:  # it has never been started
            return None

    def see_stays(self, now):
        for queue in self.queues.values():
            if queue is self.newest(queue.server):
                self.stays.update(queue.stays(now))
        for machine in self.machines:
            if machine.is_running() and (self.stays or time.monotonic() > machine.deadline):
                machine.give_up()

    def weigh(self):
        for machine in self.machines:
            if machine.is_running():
                try:
                    self.peak = max(self.peak, peak_of(machine.process.pid))
                except (OSError, TypeError):
                    continue
