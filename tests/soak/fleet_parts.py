# SPDX-License-Identifier: GPL-2.0-or-later
"""What takes part in tests/soak/fleet.py: servers, p2v-fleetd, machines."""
import glob
import json
import os
import re
import subprocess
import threading
import time

MARK_SECONDS = 120  # until the entry says what the report has said
STATES_OVER = ("done", "given up")


def peak_of(pid):
    """The most memory that a process had, in KiB."""
    with open(f"/proc/{pid}/status", encoding="ascii") as stream:
        return int(re.search(r"VmHWM:\s*(\d+)", stream.read())[1])


class Server:
    def __init__(self, tmp, number):
        self.tmp = tmp
        self.number = number
        self.directory = f"{tmp}/server-{number}"
        self.address = f"10.77.0.{number + 100}"
        with open(f"{self.directory}/network", encoding="ascii") as stream:
            self.network = stream.read().strip()
        self.losses = []  # when it lost its power
        self.process = None

    def start(self):
        """Boots it: what it has written is there, and it has another boot id. Its link comes last."""
        script = """mount -t proc proc /proc
            mount --bind "$0/tmp" /tmp
            mount --bind "$0/guests" /mnt
            mount --bind "$0/home" "$1"
            cat /proc/sys/kernel/random/uuid >"$0/boot_id"
            mount --bind "$0/boot_id" /proc/sys/kernel/random/boot_id
            [ -d /run/sshd ] || { mount -t tmpfs -o mode=0755 tmpfs /run; mkdir /run/sshd; }
            exec "$(command -v sshd)" -D -e -f "$0/sshd_config" 2>>"$0/log" """
        self.process = subprocess.Popen(
            ["nsenter", f"--net=/proc/{self.network}/ns/net", "unshare", "--mount", "--propagation", "unchanged", "--pid",
             "--fork", "--kill-child", "sh", "-c", script, self.directory, f"{self.tmp}/home"],
            stdin=subprocess.DEVNULL)
        self.link("up")

    def lose_power(self):
        """Nobody hears a last word of it."""
        self.link("down")
        self.process.kill()
        self.process.wait()
        self.losses.append(time.time())

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
        """The arguments of all that runs there, but for sshd."""
        init = self.init()
        if not init:
            return []
        space = os.readlink(f"/proc/{init}/ns/pid")
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/ns/pid") != space:
                    continue
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")).startswith("sshd"):
                    continue
                with open(f"/proc/{pid}/cmdline", "rb") as stream:
                    found.append(stream.read().decode(errors="replace").rstrip("\0").split("\0"))
            except OSError:
                continue
        return found

    def ledger(self):
        """What virt-v2v has written there: (time, begin or end, guest, how many run)."""
        lines = []
        try:
            with open(f"{self.directory}/guests/.ledger/log", encoding="utf-8") as stream:
                for line in stream:
                    moment, word, name, count = line.split()
                    lines.append((float(moment), word, name, int(count)))
        except FileNotFoundError:
            pass
        return lines

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


class Fleetd:
    def __init__(self, top, tmp):
        self.top = top
        self.tmp = tmp
        self.process = None
        self.peak = 0

    def start(self):
        with open(f"{self.tmp}/fleetd.log", "ab") as log:
            self.process = subprocess.Popen(
                [f"{self.tmp}/p2v-fleetd", f"--tree={self.tmp}/served", f"--database={self.database()}",
                 f"--control={self.tmp}/control", f"--p2v-pxe={self.top}/pxe/p2v-pxe", "--listen=10.77.0.1:8067"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill(self):
        self.memory()
        self.process.kill()
        self.process.wait()

    def database(self):
        return f"{self.tmp}/database/fleet.sqlite"

    def memory(self):
        self.peak = max(self.peak, peak_of(self.process.pid))
        return self.peak

    def ask_text(self, path):
        """Waits while it is just starting."""
        return subprocess.run(
            ["curl", "-sS", "--fail", "--retry", "30", "--retry-delay", "1", "--retry-all-errors", "--unix-socket",
             f"{self.tmp}/control", f"http://fleet{path}"],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8").stdout

    def ask(self, path):
        return json.loads(self.ask_text(path))


class Machine(threading.Thread):
    def __init__(self, tmp, number, patience):
        super().__init__(daemon=True)
        self.tmp = tmp
        self.number = number
        self.patience = patience  # seconds; a p2vd that runs longer hangs
        self.name = f"m{number}"
        self.mac = f"52:54:00:00:{number // 256:02x}:{number % 256:02x}"
        self.entry = f"{tmp}/served/pxelinux.cfg/01-{self.mac.replace(':', '-')}"
        self.disk = f"{tmp}/disks/{number}"
        self.codes = []  # of each run
        self.times = []  # likewise: when it began and ended
        self.wrong = []
        self.process = None
        self.hangs = False
        self.deadline = 0

    def give_up(self):
        self.hangs = True
        self.process.kill()

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def read(self):
        """Its state, and the words of its command line."""
        with open(self.entry, encoding="utf-8") as stream:
            text = stream.read()
        state = re.match(r"# p2v-pxe: (given up|[a-z]+)", text)[1]
        words = re.search(r"^ *APPEND (.*p2v\..*)$", text, re.MULTILINE)
        return state, words[1] if words else ""

    def log(self, run):
        return f"{self.tmp}/machine-{self.number}/log-{run}"

    def boot(self, words):
        directory = f"{self.tmp}/machine-{self.number}"
        os.makedirs(directory, exist_ok=True)
        begin = time.time()
        self.deadline = time.monotonic() + self.patience
        with open(self.log(len(self.codes)), "wb") as log:
            self.process = subprocess.Popen(
                [f"{self.tmp}/p2vd", f"--runtime-directory={directory}/run", f"--cmdline={words}"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.process.wait()  # see give_up()
        self.times.append((begin, time.time()))
        self.codes.append(self.process.returncode)

    def run(self):
        state, words = self.read()
        while state not in STATES_OVER and not self.hangs and len(self.codes) < 10:
            with open(self.entry, encoding="utf-8") as stream:
                before = stream.read()
            self.boot(words)
            if self.hangs:
                break
            # An entry that is not written means that a report was lost.
            end = time.monotonic() + MARK_SECONDS
            while time.monotonic() < end:
                with open(self.entry, encoding="utf-8") as stream:
                    if stream.read() != before:
                        break
                time.sleep(0.2)
            else:
                self.wrong.append(f"{self.name} has ended with {self.codes[-1]}, and its entry does not say so")
            state, words = self.read()

    def lost_slot(self, run):
        """Whether somebody has taken its slot from it."""
        with open(self.log(run), encoding="utf-8", errors="replace") as stream:
            return "its slot in the queue" in stream.read()

    def states(self, run):
        """What p2vd itself says of the states that it was in."""
        with open(self.log(run), encoding="utf-8", errors="replace") as stream:
            return re.findall(r"^p2vd: \[([a-z]+)\]$", stream.read(), re.MULTILINE)

    def errors(self):
        """Why the last run failed."""
        with open(self.log(len(self.codes) - 1), encoding="utf-8", errors="replace") as stream:
            return [line.strip() for line in stream if "error: " in line]
