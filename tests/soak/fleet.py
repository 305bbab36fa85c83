#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""fleet.py TOP DIRECTORY MACHINES SERVERS SLOTS SEED

The weekend of tests/soak/fleet, which has made the place. Judged at its end, each a line that is
printed, and exit code 1 if one is not true:

- each machine is converted, and then there is one guest of it, on one server, with its bytes; or
  it is given up, and then there is a reason in words, and no guest;
- no server ever ran more conversions than it has slots, and none runs afterwards;
- what p2v-fleetd shows of a machine is what the servers' work directories and the entries say;
- p2v-fleetd knows of each run how it began and how it ended, though it was killed meanwhile;
- no machine was overtaken by more machines than its server has slots.

Printed, too: how long a slot was free while somebody waited for it, and memory.
"""
import filecmp
import glob
import json
import os
import random
import re
import shlex
import signal
import statistics
import subprocess
import sys
import threading
import time

TOP, TMP = sys.argv[1:3]
MACHINES, SERVERS, SLOTS, SEED = (int(word) for word in sys.argv[3:])
RUN_SECONDS = 1800 + 30 * MACHINES  # of one p2vd: then it hangs
MARK_SECONDS = 120  # until the entry says what the report has said
STATES_OVER = ("done", "given up")

faults = random.Random(SEED)
over = threading.Event()
wrong = []


def complain(text):
    wrong.append(text)
    print(f"WRONG: {text}", flush=True)


# ---- servers ---------------------------------------------------------------------------------


class Server:
    def __init__(self, number):
        self.number = number
        self.directory = f"{TMP}/server-{number}"
        self.address = f"10.77.0.{number + 100}"
        with open(f"{self.directory}/network", encoding="ascii") as stream:
            self.network = stream.read().strip()
        self.most = 0  # conversions at the same time, as they were seen
        self.lost = 0
        self.process = None

    def start(self):
        script = """mount -t proc proc /proc
            mount --bind "$0/tmp" /tmp
            mount --bind "$0/guests" /mnt
            mount --bind "$0/home" "$1"
            [ -d /run/sshd ] || { mount -t tmpfs -o mode=0755 tmpfs /run; mkdir /run/sshd; }
            exec "$(command -v sshd)" -D -e -f "$0/sshd_config" 2>>"$0/log" """
        self.process = subprocess.Popen(
            ["nsenter", f"--net=/proc/{self.network}/ns/net", "unshare", "--mount", "--propagation", "unchanged", "--pid",
             "--fork", "--kill-child", "sh", "-c", script, self.directory, f"{TMP}/home"],
            stdin=subprocess.DEVNULL)

    def lose_power(self):
        self.lost += 1
        self.process.kill()
        self.process.wait()

    def link(self, state):
        subprocess.run(["ip", "link", "set", f"server-{self.number}", state], check=True)

    def init(self):
        """The process ID of the server's first process, as seen from here."""
        for path in glob.glob(f"/proc/{self.process.pid}/task/*/children"):
            with open(path, encoding="ascii") as stream:
                for child in stream.read().split():
                    return child
        return None

    def programs(self):
        """The arguments of all that runs there."""
        init = self.init()
        if not init:
            return []
        try:
            space = os.readlink(f"/proc/{init}/ns/pid")
        except OSError:
            return []
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/ns/pid") == space:
                    with open(f"/proc/{pid}/cmdline", "rb") as stream:
                        found.append(stream.read().decode(errors="replace").split("\0"))
            except OSError:
                continue
        return found

    def conversions(self):
        # The stand-in is a script, so its name is the second argument.
        return sum(any(word.endswith("/bin/virt-v2v") for word in words[:2]) and "libvirtxml" in words
                   for words in self.programs())

    def workdirs(self):
        """Of each guest the work directories that say that virt-v2v has ended well."""
        found = {}
        for path in glob.glob(f"{self.directory}/tmp/virt-p2v-*/status"):
            directory = os.path.dirname(path)
            with open(path, encoding="ascii") as stream:
                if stream.read().strip() != "0":
                    continue
            with open(f"{directory}/physical.xml", encoding="utf-8") as stream:
                name = re.search(r"<name>([^<]*)</name>", stream.read())[1]
            found.setdefault(name, []).append(os.path.basename(directory))
        return found


# ---- p2v-fleetd ------------------------------------------------------------------------------


class Fleetd:
    def __init__(self):
        self.process = None
        self.killed = 0

    def start(self):
        with open(f"{TMP}/fleetd.log", "ab") as log:
            self.process = subprocess.Popen(
                [f"{TMP}/p2v-fleetd", f"--tree={TMP}/served", f"--database={TMP}/database/fleet.sqlite",
                 f"--control={TMP}/control", f"--p2v-pxe={TOP}/pxe/p2v-pxe", "--listen=10.77.0.1:8067"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self):
        self.killed += 1
        self.process.kill()
        self.process.wait()

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as stream:
            return int(re.search(r"VmHWM:\s*(\d+)", stream.read())[1])


def ask(path):
    answer = subprocess.run(["curl", "-sS", "--fail", "--unix-socket", f"{TMP}/control", f"http://fleet{path}"],
                            check=True, stdout=subprocess.PIPE).stdout
    return json.loads(answer)


# ---- machines --------------------------------------------------------------------------------


class Machine(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        self.number = number
        self.name = f"m{number}"
        self.mac = f"52:54:00:00:{number // 256:02x}:{number % 256:02x}"
        self.entry = f"{TMP}/served/pxelinux.cfg/01-{self.mac.replace(':', '-')}"
        self.codes = []
        self.process = None
        self.memory = 0
        self.hangs = False

    def read(self):
        """Its state, and the words of its command line."""
        with open(self.entry, encoding="utf-8") as stream:
            text = stream.read()
        state = re.match(r"# p2v-pxe: (given up|[a-z]+)", text)[1]
        words = re.search(r"^ *APPEND (.*p2v\..*)$", text, re.MULTILINE)
        return state, words[1] if words else ""

    def boot(self, words):
        directory = f"{TMP}/machine-{self.number}"
        os.makedirs(directory, exist_ok=True)
        with open(f"{directory}/log-{len(self.codes)}", "wb") as log:
            self.process = subprocess.Popen(
                [f"{TMP}/p2vd", f"--runtime-directory={directory}/run", f"--cmdline={words}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        pid = self.process.pid
        try:
            self.process.wait(RUN_SECONDS)
        except subprocess.TimeoutExpired:
            self.hangs = True
            self.process.kill()
            self.process.wait()
        self.codes.append(self.process.returncode)
        return pid

    def run(self):
        state, words = self.read()
        while state not in STATES_OVER and not self.hangs and len(self.codes) < 10:
            with open(self.entry, encoding="utf-8") as stream:
                before = stream.read()
            self.boot(words)
            # An entry that is not written means that a report was lost.
            end = time.monotonic() + MARK_SECONDS
            while time.monotonic() < end:
                with open(self.entry, encoding="utf-8") as stream:
                    if stream.read() != before:
                        break
                time.sleep(0.2)
            else:
                complain(f"{self.name} has ended with {self.codes[-1]}, and its entry does not say so")
            state, words = self.read()

    def said(self):
        path = f"{TMP}/machine-{self.number}/log-{len(self.codes) - 1}"
        with open(path, encoding="utf-8", errors="replace") as stream:
            errors = [line.strip() for line in stream if "error: " in line]
        return errors[-1] if errors else ""


# ---- faults ----------------------------------------------------------------------------------


def break_server(servers, _machines, _fleetd):
    server = faults.choice(servers)
    server.lose_power()
    time.sleep(faults.uniform(1, 8))
    server.start()
    return f"server {server.number} without power"


def break_link(servers, _machines, _fleetd):
    server = faults.choice(servers)
    server.link("down")
    time.sleep(faults.uniform(1, 15))
    server.link("up")
    return f"link of server {server.number}"


def break_fleetd(_servers, _machines, fleetd):
    fleetd.kill()
    time.sleep(faults.uniform(0.5, 5))
    fleetd.start()
    return "p2v-fleetd killed"


def break_tunnel(_servers, machines, _fleetd):
    running = [machine for machine in machines if machine.process and machine.process.poll() is None]
    if not running:
        return None
    machine = faults.choice(running)
    for path in glob.glob(f"/proc/{machine.process.pid}/task/*/children"):
        with open(path, encoding="ascii") as stream:
            for child in stream.read().split():
                with open(f"/proc/{child}/cmdline", "rb") as words:
                    if words.read().startswith(b"ssh\0"):
                        os.kill(int(child), signal.SIGKILL)
                        return f"a tunnel of {machine.name}"
    return None


def weekend(servers, machines, fleetd):
    counts = {}
    while not over.wait(faults.uniform(2, 8)):
        fault = faults.choice([break_server, break_link, break_fleetd, break_tunnel, break_tunnel])
        try:
            said = fault(servers, machines, fleetd)
        except OSError:  # what was to be broken has just ended
            said = None
        if said:
            counts[fault.__name__[6:]] = counts.get(fault.__name__[6:], 0) + 1
    return counts


def watch(servers, machines):
    """How many conversions run on each server, and how much memory a p2vd takes at most."""
    while not over.wait(0.2):
        for server in servers:
            server.most = max(server.most, server.conversions())
        for machine in faultless_sample(machines):
            try:
                with open(f"/proc/{machine.process.pid}/status", encoding="ascii") as stream:
                    machine.memory = max(machine.memory, int(re.search(r"VmHWM:\s*(\d+)", stream.read())[1]))
            except (OSError, TypeError):
                continue


def faultless_sample(machines):
    running = [machine for machine in machines if machine.process and machine.process.poll() is None]
    return running[:20]


# ---- judgement -------------------------------------------------------------------------------


def judge_guests(servers, machines):
    """Returns the number of converted machines."""
    converted = 0
    for machine in machines:
        state = machine.read()[0]
        where = [server for server in servers if os.path.exists(f"{server.directory}/guests/{machine.name}.xml")]
        if machine.hangs:
            complain(f"{machine.name} did not end in {RUN_SECONDS} s")
        if state == "done":
            converted += 1
            if len(where) != 1:
                complain(f"{machine.name} is done, and {len(where)} servers have a guest of it")
            elif not filecmp.cmp(f"{TMP}/disks/{machine.number}", f"{where[0].directory}/guests/{machine.name}-sda",
                                 shallow=False):
                complain(f"{machine.name}'s guest has other bytes")
        elif state == "given up":
            if where:
                complain(f"{machine.name} is given up, but server {where[0].number} has a guest of it")
            if not machine.said():
                complain(f"{machine.name} is given up without a word")
        else:
            complain(f"{machine.name} is neither done nor given up: {state}, exit codes {machine.codes}")
    return converted


def judge_slots(servers):
    for server in servers:
        if server.most > SLOTS:
            complain(f"server {server.number} ran {server.most} conversions in {SLOTS} slots")
        end = time.monotonic() + 60
        while (left := [words for words in server.programs() if not words[0].startswith(("sshd", "sh"))
                        and "/sshd" not in words[0]]) and time.monotonic() < end:
            time.sleep(0.5)
        for words in left:
            complain(f"on server {server.number} there is still: {shlex.join(words)[:200]}")


def judge_page(servers, machines):
    """What p2v-fleetd shows, beside the servers."""
    workdirs = {server.address: server.workdirs() for server in servers}
    shown = {each["mac"].lower(): each for each in ask("/api/v1/machines")["machines"]}
    for machine in machines:
        each = shown.get(machine.mac)
        state = machine.read()[0]
        if not each:
            complain(f"p2v-fleetd does not know {machine.name}")
            continue
        group = {"done": "converted", "given up": "given up"}.get(state)
        if each["group"] != group:
            complain(f"p2v-fleetd shows {machine.name} as {each['group']}, its entry says {state}")
        if state == "done":
            there = workdirs.get(each.get("server"), {}).get(machine.name, [])
            if os.path.basename(each.get("workdir", "")) not in there:
                complain(f"p2v-fleetd shows {machine.name} in {each.get('workdir')} of {each.get('server')}, there is {there}")
        elif not each.get("reason"):
            complain(f"p2v-fleetd has no reason for {machine.name}")


def all_events():
    events, last = [], 0
    while True:
        answer = ask(f"/api/v1/events?after={last}&limit=1000")
        if not answer["events"]:
            return events
        events += answer["events"]
        last = events[-1]["id"]


def judge_events(machines):
    """Returns the runs: of each machine's the events in their order."""
    runs = {}
    for event in all_events():
        runs.setdefault((event["mac"].lower(), event.get("run")), []).append(event)
    for machine in machines:
        mine = {key: events for key, events in runs.items() if key[0] == machine.mac}
        if len(mine) != len(machine.codes):
            complain(f"{machine.name} has run {len(machine.codes)} times, p2v-fleetd knows {len(mine)} runs")
        for events in mine.values():
            states = [event["state"] for event in events]
            if states[0] != "inventory" or states[-1] not in ("done", "failed"):
                complain(f"p2v-fleetd knows of a run of {machine.name} only: {' '.join(states)}")
    return runs


def seconds_of(event):
    whole, _, fraction = event["time"].rstrip("Z").partition(".")
    return time.mktime(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (fraction or "0"))


def judge_queue(runs, servers_of):
    """How long a slot was free while somebody waited, and who overtook whom."""
    waits = {}  # of each server: (queued, served, machine)
    ends = {}
    for key, events in runs.items():
        server = servers_of.get(key[1])
        # Of its last place: a server without power has lost all places.
        served = next((seconds_of(event) for event in reversed(events) if event["state"] == "preparing"), None)
        queued = next((seconds_of(event) for event in reversed(events) if event["state"] == "queued"), None)
        if served:
            waits.setdefault(server, []).append((queued or served, served, key[0]))
            ends.setdefault(server, []).append(seconds_of(events[-1]))
    delays, most = [], 0
    for server, all_waits in waits.items():
        for queued, served, mac in all_waits:
            before = [end for end in ends[server] if queued < end <= served]
            if before:
                delays.append(served - max(before))
            overtaken = sum(1 for other in all_waits if other[0] > queued and other[1] < served)
            most = max(most, overtaken)
            if overtaken > SLOTS:
                complain(f"{mac} was overtaken by {overtaken} machines on {server}, which has {SLOTS} slots")
    if delays:
        print(f"a slot that became free was taken after {statistics.median(delays):.1f} s (median), "
              f"{max(delays):.1f} s (most), {len(delays)} times")
    print(f"overtaken at most by {most} machines")


def main():
    servers = [Server(number + 1) for number in range(SERVERS)]
    machines = [Machine(number + 1) for number in range(MACHINES)]
    fleetd = Fleetd()
    for server in servers:
        server.start()
    fleetd.start()
    begin = time.monotonic()
    watcher = threading.Thread(target=watch, args=(servers, machines), daemon=True)
    watcher.start()
    counts = {}
    breaker = threading.Thread(target=lambda: counts.update(weekend(servers, machines, fleetd)), daemon=True)
    breaker.start()
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    over.set()
    breaker.join()
    watcher.join()
    print(f"{MACHINES} machines, {SERVERS} servers of {SLOTS} slots, seed {SEED}: {time.monotonic() - begin:.0f} s")
    print("faults: " + (", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"))
    time.sleep(2)  # p2v-fleetd may just have started
    converted = judge_guests(servers, machines)
    if not converted:
        complain("not one machine was converted")
    judge_slots(servers)
    judge_page(servers, machines)
    runs = judge_events(machines)
    servers_of = {run["run"]: run.get("server") for machine in machines
                  for run in ask(f"/api/v1/machines/{machine.mac}")["runs"]}
    judge_queue(runs, servers_of)
    print(f"converted {converted}, given up {MACHINES - converted}, in {sum(len(m.codes) for m in machines)} runs; "
          f"conversions at the same time: {', '.join(str(server.most) for server in servers)}")
    print(f"memory, at most: p2v-fleetd {fleetd.memory()} KiB (since it was last started), "
          f"p2vd {max(machine.memory for machine in machines)} KiB")
    fleetd.process.terminate()
    for server in servers:
        server.process.kill()
    print(f"{len(wrong)} wrong")
    sys.exit(bool(wrong))


main()
