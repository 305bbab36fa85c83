# SPDX-License-Identifier: GPL-2.0-or-later
"""What must be true at the end of tests/soak/fleet.py; each that is not is printed:

- each machine is converted, once: there is one guest of it, on one server, with its bytes, and virt-v2v has
  made it once, or again only because its server has lost its power meanwhile; or the machine is given up,
  then it has said why, and there is no guest;
- no server ever ran more conversions than it has slots, as each of them counts when it begins, and no machine
  has lost its slot to another;
- no slot stays taken when its conversion is over; in the end nobody holds a place or a slot, and nothing runs
  on a server;
- what p2v-fleetd says of each machine, in its API and on its page, is what the servers' work directories and
  the machine's boot entry say;
- its database has each state of each run that the machines say that they were in, once, and a run that has
  succeeded for each work directory that has; after one more kill it says the same as before;
- no machine was overtaken by more machines than its server has slots;
- no slot was free for IDLE_SECONDS while somebody waited for it.

Printed, too: how long a slot was free while somebody waited, how long from the end of a conversion until
the next one begins, and memory.
"""
import collections
import filecmp
import html
import os
import re
import shlex
import sqlite3
import statistics
import time

IDLE_SECONDS = 60
# A place is kept for so long where its machine has lost the link to it (QUEUE_PATIENCE in src/server/queue.h).
KEPT_SECONDS = 600 + 60
GROUPS = {"done": "converted", "given up": "given up"}
wrong = []


def complain(text):
    wrong.append(text)
    print(f"WRONG: {text}", flush=True)


# ---- machines and guests ---------------------------------------------------------------------


def judge_machine(machine, servers, workdirs):
    state = machine.read()[0]
    where = [server for server in servers if os.path.exists(f"{server.directory}/guests/{machine.name}.xml")]
    made = [(server, name) for server in servers for name in workdirs[server.address].get(machine.name, [])]
    if machine.hangs:
        complain(f"{machine.name} did not end")
    for text in machine.wrong:
        complain(text)
    if state == "done":
        if len(where) != 1:
            complain(f"{machine.name} is done, and {len(where)} servers have a guest of it")
        elif not filecmp.cmp(machine.disk, f"{where[0].directory}/guests/{machine.name}-sda", shallow=False):
            complain(f"{machine.name}'s guest has other bytes")
        if len(made) != 1:
            complain(f"{machine.name} is done, and {len(made)} work directories say so: {made}")
    elif state == "given up":
        if where or made:
            complain(f"{machine.name} is given up, but a server has a guest of it")
        if not machine.errors():
            complain(f"{machine.name} is given up without a word")
    else:
        complain(f"{machine.name} is neither done nor given up: {state}, exit codes {machine.codes}")
    return state


def judge_once(machine, servers):
    """virt-v2v has made its guest once, and after that began with it no more, unless the power was lost."""
    for server in servers:
        ended = None
        for moment, word, name, _ in server.ledger():
            if name != machine.name:
                continue
            if ended and not any(ended - 1 < loss < moment for loss in server.losses):
                complain(f"{machine.name} was converted on server {server.number}, and then once more")
            ended = moment if word == "end" else None


def judge_lost_slot(machine, servers):
    """A slot is its own until its server loses its power."""
    for run, (begin, end) in enumerate(machine.times):
        if machine.lost_slot(run) and not any(begin < loss < end for server in servers for loss in server.losses):
            complain(f"{machine.name} has lost its slot in run {run}, and no server its power")


# ---- slots -----------------------------------------------------------------------------------


def judge_slots(servers, slots, watcher):
    for server in servers:
        most = max((count for _, word, _, count in server.ledger() if word == "begin"), default=0)
        if most > slots:
            complain(f"server {server.number} ran {most} conversions in {slots} slots")
        print(f"server {server.number}: {most} conversions at the same time, power lost {len(server.losses)} times")
    for guest in watcher.stays:
        complain(f"the slot of {guest} stayed taken after its conversion")
    begin = time.monotonic()
    end = begin + KEPT_SECONDS
    while time.monotonic() < end and any(server.programs() for server in servers):
        time.sleep(0.5)
    print(f"the last one left the servers after {time.monotonic() - begin:.0f} s")
    for server in servers:
        for words in server.programs():
            complain(f"on server {server.number} there is still: {shlex.join(words)[:200]}")
        queue = watcher.newest(server)
        if queue and queue.names():
            complain(f"the queue of server {server.number} is still there: {' '.join(queue.names())}")
    for queue in watcher.queues.values():
        for name in queue.locked():
            complain(f"on server {queue.server.number} somebody still holds {name}")


def judge_order(watcher, slots):
    most = 0
    for queue in watcher.queues.values():
        for key, overtaken in queue.overtaken():
            most = max(most, overtaken)
            if overtaken > slots:
                complain(f"{' '.join(key)} was overtaken by {overtaken} machines on server {queue.server.number}, "
                         f"which has {slots} slots")
    places = [place for queue in watcher.queues.values() for place in queue.places.values()]
    waited = [place.served - place.seen for place in places if place.served]
    print(f"places {len(places)}, served {len(waited)}, which waited {max(waited, default=0):.0f} s at most; "
          f"a place was overtaken at most {most} times")


def judge_delay(servers, watcher):
    seconds, number = watcher.idle
    if seconds > IDLE_SECONDS:
        complain(f"on server {number} a slot was free for {seconds:.0f} s while somebody waited for it")
    delays = []
    for server in servers:
        ends = [moment for moment, word, _, _ in server.ledger() if word == "end"]
        for queue in watcher.queues.values():
            if queue.server is not server:
                continue
            # Of those who were waiting when a conversion ended; each end is for one.
            served = sorted((place.served, place.seen) for place in queue.places.values() if place.served)
            for moment, seen in served:
                before = [end for end in ends if seen < end <= moment]
                if before:
                    delays.append(moment - before[0])
                    ends.remove(before[0])
    print(f"a slot was free while somebody waited: {seconds:.1f} s at most; from a conversion's end until the "
          "next machine has its slot: " + (f"{statistics.median(delays):.1f} s (median), {max(delays):.1f} s "
                                           f"(most), {len(delays)} times" if delays else "nobody waited"))


# ---- p2v-fleetd ------------------------------------------------------------------------------


def judge_shown(machine, each, row, workdirs):
    """What p2v-fleetd shows of a machine: @each by its API, @row on its page."""
    state = machine.read()[0]
    if each["group"] != GROUPS.get(state):
        complain(f"p2v-fleetd shows {machine.name} as {each['group']}, its entry says {state}")
    wanted = [machine.name, each["group"]]
    if state == "done":
        there = workdirs.get(each.get("server"), {}).get(machine.name, [])
        if os.path.basename(each.get("workdir", "")) not in there:
            complain(f"p2v-fleetd shows {machine.name} in {each.get('workdir')} of {each.get('server')}, "
                     f"there is {there}")
        wanted += [each.get("server", ""), each.get("workdir", "")]
    else:
        reason = each.get("reason", "")
        if not reason or not any(reason in error for error in machine.errors()):
            complain(f"p2v-fleetd says of {machine.name} '{reason}', it says itself {machine.errors()}")
        wanted += [reason]
    for word in wanted:
        if word not in row:
            complain(f"the page's row of {machine.name} has no '{word}': {row}")


def judge_page(machines, fleetd, workdirs):
    answer = fleetd.ask("/api/v1/machines")
    shown = {each["mac"].lower(): each for each in answer["machines"]}
    rows = {}
    page = fleetd.ask_text("/")
    for row in re.findall(r'<tr role="row"[^>]*>(.*?)</tr>', page, re.DOTALL):
        text = html.unescape(re.sub(r"<[^>]*>", " ", row))
        for mac in re.findall(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", text):
            rows[mac] = text
    groups = collections.Counter()
    for machine in machines:
        each = shown.get(machine.mac)
        if not each or machine.mac not in rows:
            complain(f"p2v-fleetd does not show {machine.name}")
            continue
        judge_shown(machine, each, rows[machine.mac], workdirs)
        groups[GROUPS.get(machine.read()[0])] += 1
    for group, count in groups.items():
        if answer["counts"].get(group, 0) != count:
            complain(f"p2v-fleetd counts {answer['counts']}, {count} are {group}")
        if f"<b>{count}</b> {group}" not in page:
            complain(f"the page does not say that {count} are {group}")


def judge_database(machines, servers, fleetd, workdirs):
    """The states of each run, beside the machine's own words; runs, beside the work directories."""
    database = sqlite3.connect(f"file:{fleetd.database()}?mode=ro", uri=True)
    addresses = {server.address for server in servers}
    for machine in machines:
        mac = machine.mac.replace(":", "-")
        runs = database.execute("SELECT run, server, result, bytes FROM runs WHERE mac = ? ORDER BY started",
                                (mac,)).fetchall()
        if len(runs) != len(machine.codes):
            complain(f"{machine.name} has run {len(machine.codes)} times, p2v-fleetd knows {len(runs)} runs")
            continue
        for number, (run, server, result, read) in enumerate(runs):
            events = database.execute("SELECT number, state FROM events WHERE run = ? ORDER BY number",
                                      (run,)).fetchall()
            if [event[0] for event in events] != list(range(1, len(events) + 1)):
                complain(f"p2v-fleetd has lost changes of {machine.name}: {[event[0] for event in events]}")
            states = [event[1] for event in events]
            if states != machine.states(number):
                complain(f"p2v-fleetd knows of {machine.name}: {' '.join(states)}; it says: "
                         f"{' '.join(machine.states(number))}")
            if result != machine.codes[number]:
                complain(f"run {number} of {machine.name} ended with {machine.codes[number]}, p2v-fleetd has {result}")
            if result != 0:
                continue
            if server not in addresses or len(workdirs[server].get(machine.name, [])) != 1:
                complain(f"p2v-fleetd has a conversion of {machine.name} on {server}, where there is none")
            if read < os.path.getsize(machine.disk):
                complain(f"p2v-fleetd says that {read} bytes of {machine.name} were read, "
                         f"its disk has {os.path.getsize(machine.disk)}")
    database.close()


def snapshot(machines, fleetd):
    """All that it says, but for what changes by itself."""
    answer = fleetd.ask("/api/v1/machines")
    said = {"counts": answer["counts"], "machines": answer["machines"], "events": []}
    last = 0
    while events := fleetd.ask(f"/api/v1/events?after={last}&limit=1000")["events"]:
        said["events"] += events
        last = events[-1]["id"]
    for machine in machines:
        said[machine.name] = fleetd.ask(f"/api/v1/machines/{machine.mac}")["runs"]
    said["metrics"] = fleetd.ask_text("/metrics")
    said["table"] = fleetd.ask_text("/report.csv")
    return said


def differences(one, other):
    """Each place where two values differ, in words."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            for said in differences(one.get(key), other.get(key)):
                yield f"{key}: {said}"
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for first, second in zip(one, other):
            yield from differences(first, second)
    elif one != other:
        yield f"{str(one)[:300]}, then {str(other)[:300]}"


def judge_restart(machines, fleetd):
    before = snapshot(machines, fleetd)
    fleetd.kill()
    fleetd.start()
    after = snapshot(machines, fleetd)
    for name, value in before.items():
        for said in differences(value, after[name]):
            complain(f"after one more kill p2v-fleetd says of {name} something else: {said}")
    succeeded = sum(1 for machine in machines for run in after[machine.name] if run.get("result") == 0)
    counted = re.search(r"^p2v_conversion_seconds_count (\d+)$", after["metrics"], re.MULTILINE)
    if not counted or int(counted[1]) != succeeded:
        complain(f"p2v-fleetd counts {counted and counted[1]} conversions, {succeeded} have succeeded")


def judge(servers, machines, fleetd, watcher, slots):
    """Prints all, and returns how much is wrong."""
    workdirs = {server.address: server.workdirs() for server in servers}
    states = collections.Counter(judge_machine(machine, servers, workdirs) for machine in machines)
    if not states["done"]:
        complain("not one machine was converted")
    for machine in machines:
        judge_once(machine, servers)
        judge_lost_slot(machine, servers)
    judge_slots(servers, slots, watcher)
    watcher.over.set()
    watcher.join()
    judge_order(watcher, slots)
    judge_delay(servers, watcher)
    judge_page(machines, fleetd, workdirs)
    judge_database(machines, servers, fleetd, workdirs)
    judge_restart(machines, fleetd)
    print(f"converted {states['done']}, given up {states['given up']}, in {sum(len(m.codes) for m in machines)} runs")
    print(f"memory, at most: p2v-fleetd {fleetd.memory()} KiB, p2vd {watcher.peak} KiB")
    return len(wrong)
