# SPDX-License-Identifier: GPL-2.0-or-later
"""What test-console does: people at terminals, who convert a machine by keys alone."""
import contextlib
import ctypes
import glob
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import time

TOP, TMP = os.environ["top"], os.environ["tmp"]
PASSWORD, OUT = os.environ["password"], os.environ["out"]
with open(TMP + "/key", encoding="ascii") as key_file:
    KEY = key_file.read()
sys.path.insert(0, TOP + "/tests/lib")
# pylint: disable=wrong-import-position
from person import PATIENCE, Failure, Person, say
from wrong_values import ANY, NO_UTF8, ODD, WRONG

CONSOLE = [TMP + "/p2v-console", "--runtime-directory=" + TMP + "/run"]
SOCKET = TMP + "/run/io.p2vd.Daemon"
with open(TOP + "/VERSION", encoding="ascii") as version_file:
    VERSION = version_file.read().strip()
PICTURES = TOP + "/tests/integration/dialog/screens"
WORDS = (f"p2v.name=web p2v.vcpus=2 p2v.memory=1G p2v.disks={TMP}/disk p2v.os={OUT} "
         "p2v.connect_timeout=20")
people = []


def check(true, what):
    """Fails with a sentence."""
    if not true:
        raise Failure(what)


# ---- pictures ---------------------------------------------------------------------------

# What is another in each run or on each machine. What stands in its place is as long.
MASKS = [
    (r"p2vd-test-console-\w{6}", lambda m: re.sub(r"\w{6}$", "XXXXXX", m[0])),
    (r"SHA256:[\w+/]{43}", lambda m: "SHA256:" + "X" * 43),
    (r"\b[A-Za-z\d+/]{20,}(?=_ entered)", lambda m: "X" * len(m[0])),
    (r"[\d.]+ [KMGT]iB free *(?=│)", lambda m: "N free".ljust(len(m[0]))),
    # No other version than that of the file VERSION: a screen that shows one is not as in its picture.
    (r"(p2vd|p2v-console) " + re.escape(VERSION) + r"(?![\w.]*\d)",
     lambda m: m[1] + " V" + "-" * (len(m[0]) - len(m[1]) - 2)),
    (r"virt-p2v-\d{8}-\w{8}", lambda m: re.sub(r"\w", "X", m[0])),
    (r"\b\d:\d\d\b", lambda m: "M:SS"),
    (r"\d\.\d MiB were read", lambda m: "N.N MiB were read"),
    (r"\[ +\d+\.\d\]", lambda m: "[   S.S]"),
    (r"(?<=1G, )(BIOS|UEFI)", lambda m: "FIRM"),
    (r"\d+ of \d+, to 'default'", lambda m: "N of N, to 'default'".ljust(len(m[0]))),
    (r"(?<=disk     )\[[#.]{10}\] .*(?=│)", lambda m: "[~".ljust(len(m[0]))),
    (r"(?<=│ System        )[^│]*|(?<=virt-v2v 2\.6\.0 on )[^│]*", lambda m: "SYSTEM".ljust(len(m[0]))),
    (r"(?<=the machine's clock: )[^│]*", lambda m: "CLOCK".ljust(len(m[0]))),
    (r"(│ (?:Firmware|Clock): ).*(?=│)", lambda m: (m[1] + "~").ljust(len(m[0]))),
    (r"/dev/\.\./\S+/(?=stick\.img)", lambda m: "/dev/" + "X" * (len(m[0]) - 5)),
]
MACHINE = {"machine": (range(1, 12), 55), "network": (range(10, 21), 2)}


def masked(name, text):
    """The picture without what varies."""
    for pattern, replacement in MASKS:
        text = re.sub(pattern, replacement, text)
    lines = text.split("\n")
    rows, column = MACHINE.get(name, ((), 0))
    for row in rows:
        lines[row] = lines[row][:column].rstrip().ljust(column) + "~".ljust(79 - column) + lines[row][79:]
    return "\n".join(lines)


def picture(person, name):
    """Compares the screen with the kept picture, or writes that."""
    path = f"{PICTURES}/{name}.txt"
    for password in (PASSWORD, "wrong password"):
        check(password not in person.picture(), f"the password is on the screen '{name}'")
    if os.environ.get("SCREENS") == "write":
        person.settle(3)
        with open(path, "w", encoding="utf-8") as file:
            file.write(masked(name, person.picture()))
        return
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    person.until(lambda: masked(name, person.picture()) == kept,
                 f"the screen is not as in '{path}' (make screens writes it anew); masked:\n" +
                 masked(name, person.picture()) + "\nthe kept one:\n" + kept + "\nas it is:")


# ---- the daemon, and people --------------------------------------------------------------

class Daemon:
    """p2vd, waiting for clients."""

    def __init__(self, words=WORDS):
        with open(TMP + "/p2vd.log", "ab") as log:
            self.process = subprocess.Popen(
                [TMP + "/p2vd", "--serve", f"--runtime-directory={TMP}/run", "--cmdline=" + words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE
        while not os.path.exists(SOCKET):
            check(time.monotonic() < end and self.process.poll() is None, "p2vd does not listen")
            time.sleep(0.05)

    def end(self, number=signal.SIGTERM):
        """Ends it. A sanitizer that finds something gives it another exit code."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        check(code == (-number if number == signal.SIGKILL else 0), f"p2vd's exit code is {code}")


def said(text):
    """How often p2vd has said it."""
    with open(TMP + "/p2vd.log", encoding="utf-8", errors="replace") as log:
        return log.read().count(text)


GO = os.environ["bin"] + "/virt-v2v.go"


def v2v(knobs):
    """What the stand-in virt-v2v does. If it holds, it goes on when there is GO."""
    if os.path.exists(GO):
        os.unlink(GO)
    with open(os.environ["bin"] + "/virt-v2v.json", "w", encoding="utf-8") as file:
        file.write(knobs)


HUNG = os.environ["bin"] + "/virt-v2v.hangs"


def go_on():
    """Lets a virt-v2v that holds go on."""
    with open(GO, "wb"):
        pass


def forget_guests():
    """Makes room for a guest of the same name."""
    for path in glob.glob(OUT + "/web*"):
        os.unlink(path)


def arrives(**terminal):
    """A person who sees forms."""
    person = Person(CONSOLE + ["--screen"], **terminal)
    people.append(person)
    return person


def opens(person, part):
    """Opens a part from the hub."""
    person.sees("Start ")
    order = ["Server", "Network", "Machine", "Disks", "Cards", "Output", "Transfer", "More", "Start"]
    person.press("home", *["down"] * order.index(part), "enter")
    person.sees("┤ Review ├" if part == "Start" else f"┤ {part} ├")


def leaves(person, number=signal.SIGTERM):
    """Ends the program, as systemd does; 0: waits until it ends. A sanitizer that finds something speaks on the terminal."""
    status = person.kill(number)
    people.remove(person)
    if number != signal.SIGKILL and status != 0:
        text = person.everything.decode(errors="replace").replace("\r\n", "\n")
        raise Failure(f"p2v-console ends with the status {status}: {text[-6000:]}")


# ---- the cases ---------------------------------------------------------------------------

def enters_server(person):
    """The first part, with what is wrong at first."""
    picture(person, "hub")
    opens(person, "Server")
    picture(person, "server")
    person.press("127.0.0.1", "tab")
    person.fill("ssh")
    person.press("tab", "untab")
    person.sees("! Port", "'p2v.remote.port' cannot be 'ssh'")
    picture(person, "server-wrong")
    # Back does not lose it.
    person.press("esc")
    person.sees("Server    WRONG")
    opens(person, "Server")
    person.sees("! Port +ssh")
    person.press("tab", "f4")
    person.sees_no("! Port")
    person.sees("  Port +22_")


def logs_in(person):
    """A wrong password, which F2 shows for as long as one wants, and the right one."""
    person.press("tab", "tab", "wrong password")
    person.sees(r"Password +\*{14}_")
    person.press("f2")
    person.sees("wrong password_")
    person.press("f2")
    person.sees(r"Password +\*{14}_")
    # It was shown, because somebody wanted it: it must not be in what follows.
    person.everything = b""
    person.press("f3")
    person.sees("WRONG: .*password")
    check(person.picture().count("PermitRootLogin") == 1, "the reason is told twice")
    picture(person, "test-wrong")
    person.press("esc")
    person.sees(r"Password +\*\*\*_", "WRONG: .*password")
    person.press(PASSWORD, "tab")
    person.sees(r"Password +\*\*\*_")
    person.press("f3")
    person.sees("The test has passed", "Output modes  local, qemu, null")
    picture(person, "test")
    person.press("tab", "enter")
    person.sees("The host key is accepted")
    person.sees_no("Compare the host key")
    person.press("esc")
    person.sees("ready: 127.0.0.1 as root, tested", r"Host key +\S{20,}_ entered")
    person.press("esc")


def looks_around(person):
    """The other parts."""
    for part in ("Network", "Machine", "Cards", "Transfer", "More"):
        opens(person, part)
        picture(person, part.lower())
        person.press("esc")
    opens(person, "Disks")
    person.sees(r"\[\*\] disk ")
    picture(person, "disks")
    person.press("f6")
    person.sees("┤ What is on them ├", r"partition 1: EFI system, FAT .*1.0 MiB")
    picture(person, "contents")
    person.press("esc")
    person.sees("┤ Disks ├")
    person.press("space")
    person.sees(r"\[ \] disk|\[ \] /.*disk", "WRONG")
    person.press("tab")
    person.fill(f"{TMP}/disk")
    person.press("untab")
    person.sees(r"\[\*\] disk ")
    person.press("esc")
    opens(person, "Output")
    picture(person, "output")
    # Another mode has other fields.
    person.press("space", "space", "tab")
    person.sees("mode .* null", "Storage")  # somebody has given it
    person.press("home", "esc")
    person.sees("Output    ready  null")
    opens(person, "Output")
    person.press("l", "tab")
    person.sees("mode .* local")
    person.press("f1")
    person.sees("Where the guest's disks go")
    picture(person, "help")
    person.press("esc")
    person.sees("┤ Output ├")
    person.press("esc")


def converts(person, other):
    """Tested again, since the mode was changed; then started. The other sees it."""
    opens(person, "Start")
    person.sees("<Test>")
    person.press("enter")
    person.sees("The test has passed")
    person.press("esc")
    person.sees("<Start>")
    picture(person, "review")
    person.press("enter")
    person.sees("┤ Running ├")
    other.sees("┤ Running ├", "To 127.0.0.1, guest 'web'")
    person.sees("Copying disk 1/1", r"disk +\[", "step 9 of 10: copy and convert")


def watches(person, other):
    """What one can do meanwhile; and the program is killed."""
    leaves(other, signal.SIGKILL)
    other = arrives()
    other.sees("┤ Running ├", "holding")
    picture(other, "running")
    # A question stands over the screen as it was.
    person.sees("holding", "virt-v2v: Copying disk 1/1")
    person.press("ctrl-c")
    person.sees("┤ Cancel ├")
    picture(person, "cancel")
    person.press("enter")
    person.sees_no("┤ Cancel ├")
    person.press("m")
    person.sees("Running   p2vd is busy")
    go_on()
    for someone in (person, other):
        someone.sees("┤ End ├", "the conversion has succeeded")
    picture(person, "end")
    person.press("l")
    person.sees("What p2vd has said", "virsh define")
    person.press("esc")
    person.sees("┤ End ├")
    person.press("e")
    person.sees("Start ")
    return other


def case_whole():
    """A whole conversion by keys alone, with a second person."""
    daemon = Daemon()
    person, other = arrives(), arrives()
    enters_server(person)
    logs_in(person)
    looks_around(person)
    other.sees("Server    wants  another test after a change: 127.0.0.1 as root")
    converts(person, other)
    other = watches(person, other)
    check(os.path.exists(OUT + "/web-sda"), "there is no guest")
    other.press("e")
    for someone in (person, other):
        check(PASSWORD.encode() not in someone.everything, "the password was on a screen")
    return daemon, person, other


def tests_again(person):
    """From the hub and back to it."""
    opens(person, "Server")
    person.press("f3")
    person.sees("The test has passed")
    person.press("esc")
    person.sees("┤ Server ├")
    person.press("esc")
    person.sees("Server +ready ")


def case_two(person, other):
    """What one enters, the other sees; and cannot start a second one."""
    say("two people")
    opens(person, "Machine")
    # A name that is too long for the line hides nothing else.
    person.fill("a-long-name-" * 5)
    person.press("tab")
    other.sees(r"Machine +ready +a-long-name-.*…, 2 CPUs, 1G, (BIOS|UEFI) *│")
    opens(other, "Machine")
    person.press("untab")
    person.fill("shared")
    person.press("tab")
    other.sees("Name +shared_+ +entered")
    person.press("untab", "f4")
    other.sees("Name +web_")
    person.press("esc")
    other.press("esc")
    # What a test has said counts on both consoles, until one changes the output: then on neither.
    forget_guests()
    tests_again(person)
    for someone in (person, other):
        someone.sees("Server +ready +127.0.0.1 as root, tested")
    opens(other, "Start")
    other.sees("<Start>")
    opens(person, "Output")
    person.press("space", "tab", "esc")
    person.sees("Server +wants +another test after a change: 127.0.0.1 as root")
    other.sees("┤ Review ├", "<Test>", "Server +wants another test after a change: 127.0.0.1 as root")
    late = arrives()
    late.sees("Server +wants +another test after a change: 127.0.0.1 as root")
    leaves(late)
    opens(person, "Output")
    person.press("l", "tab", "esc")
    person.sees("Output +ready +local")
    tests_again(person)
    other.sees("Server +ready +127.0.0.1 as root, tested")
    v2v('{"hold": 300}')
    forget_guests()
    opens(person, "Start")
    opens(other, "Start")
    person.sees("<Start>")
    before = said("holding")
    person.press("enter")
    # The messages may still be those of the conversion before.
    for someone in (person, other):
        someone.sees("┤ Running ├", "step 9 of 10: .* Copying disk")
    person.until(lambda: said("holding") > before, "virt-v2v does not hold")
    # What is typed before a question stands there is no answer.
    other.press("c")
    other.sees("┤ Cancel ├")
    other.press("tab", "enter")
    for someone in (person, other):
        someone.sees("┤ End ├", "WRONG: the conversion has failed", "cancelled")
    picture(person, "end-failed")
    check(not glob.glob(OUT + "/web*"), "a guest was left")
    # Enter tries again.
    person.press("enter")
    person.sees("┤ Running ├", "step 9 of 10")
    go_on()
    other.sees("the conversion has succeeded")
    for someone in (person, other):
        someone.sees("┤ End ├")
        someone.press("e")


def case_interrupted(person, other):
    """One is writing into a field when the other starts: what was written stays, and what is typed on does
    not become an answer. What is entered while p2vd is busy, it gets when it is not."""
    say("one writes, the other starts")
    v2v('{"hold": 300}')
    forget_guests()
    opens(other, "Start")
    other.sees("<Start>")
    opens(person, "Machine")
    person.fill("half")
    before, cancelled = said("holding"), said("cancelled")
    other.press("enter")
    person.sees("┤ Running ├", "step 9 of 10")
    person.until(lambda: said("holding") > before, "virt-v2v does not hold")
    person.press(*"company")
    person.sees("┤ Cancel ├")
    person.press("esc")
    person.sees_no("┤ Cancel ├")
    person.press("m")
    person.sees("Machine +WRONG +'p2v.guestname' was still being written")
    person.press("home", "down", "down", "enter")
    person.sees("┤ Machine ├")
    person.sees("! Name +half_")
    person.press("way", "tab")
    person.sees("! Name +halfway_")
    person.press("tab", "tab")
    person.fill("2G")
    person.press("tab", "esc")
    person.sees("Machine +WRONG +.*(conversion|busy|runs)")
    check(said("cancelled") == cancelled, "it was cancelled")
    go_on()
    for someone in (person, other):
        someone.sees("┤ End ├", "the conversion has succeeded")
        someone.press("e")
        someone.sees("Machine +ready +halfway, 2 CPUs, 2G")
    opens(person, "Machine")
    person.press("f4", "tab", "tab", "tab", "f4", "esc")
    person.sees("Machine +ready +web, 2 CPUs, 1G")


def case_resized(person):
    """Another size lays it out anew; one that is too small means lines."""
    say("another size")
    opens(person, "Server")
    person.press("tab")
    person.fill("77777")
    person.resize(120, 40)
    person.sees("┤ Server ├")
    person.until(lambda: "Esc: back" in person.screen.display[39], "it is not laid out anew")
    person.sees("Port +77777_", "! Port")
    person.press("tab", "f4", "esc")
    person.sees("Server    (ready|wants)")
    person.resize(60, 15)
    person.sees(r"Which part \[\d\]:")
    person.press("1\r")
    person.sees("Server: \\? explains")
    person.press("<\r")
    person.sees(r"Which part \[\d\]: *\n*$")
    # Large again: forms again.
    person.resize(80, 24)
    person.sees("┤ p2vd .*: convert this machine ├", "<Open>")
    opens(person, "Machine")
    leaves(person)


def case_lost(daemon, person):
    """p2vd goes away and comes back."""
    say("p2vd goes away")
    daemon.end(signal.SIGKILL)
    person.sees("p2vd has gone|cannot reach p2vd")
    opens(person, "Machine")
    person.fill("kept")
    person.press("tab")
    person.sees("WRONG|! Name")
    os.unlink(SOCKET)
    daemon = Daemon()
    person.sees("Name +kept_+ +entered")
    person.sees_no("! Name")
    person.press("esc")
    person.sees("Machine   ready  kept, 2 CPUs, 1G")
    person.press("esc")
    leaves(person, 0)
    return daemon


def case_terminals():
    """Other terminals: without UTF-8, without colour, slow, without a size."""
    say("other terminals")
    old = arrives(term="vt100", LC_ALL="C")
    old.sees("convert this machine", "Machine   ready")
    check(not re.search(rb"\033\[[\d;]*[34][0-7]m", old.everything), "a vt100 got colours")
    check(all(byte < 0x80 for byte in old.everything), "a terminal without UTF-8 got other bytes")
    leaves(old)
    slow = arrives(term="vt220", rate=960, columns=100, rows=30, answers=True)
    slow.sees("convert this machine", "Machine   ready")
    slow.until(lambda: "Up/Down: choose" in slow.screen.display[29], "it did not ask for its size")
    opens(slow, "Output")
    slow.sees(r"Output mode \(-o\)")
    leaves(slow)


def answers(person, question, answer):
    """Line mode: waits for a question and answers it."""
    person.sees(question + r"[^\n]*: *\n*$")
    person.press(answer + "\r")


def tries(person, host, port, *texts):
    """Enters a server, and tries whether it can be reached."""
    opens(person, "Server")
    person.fill(host)
    person.press("tab")
    person.fill(port)
    person.press("esc")
    person.sees("Server    wants  a test: " + re.escape(host))
    opens(person, "Network")
    person.press("f3")
    person.sees("┤ Can the server be reached. ├", *texts)


def backs_out(person):
    """From a screen behind Network to the hub."""
    person.press("esc")
    person.sees("┤ Network ├", "F3: try")
    person.press("esc")
    person.sees("Start ")


def case_reach():
    """What the network has, and whether the server can be reached."""
    say("the server is tried")
    daemon = Daemon()
    person = arrives()
    opens(person, "Network")
    person.sees(r"near +off +.* no address")
    # A link that comes is seen at once.
    for words in ("link set near up", "addr add 192.0.2.1/24 dev near", "addr add 2001:db8::1/64 dev near nodad",
                  "route add 198.51.100.0/24 via 192.0.2.2"):
        subprocess.run(["ip", *words.split()], check=True)
    person.sees(r"near +link +.* 192.0.2.1/24 2001:db8::1/64")
    person.press("f5")
    person.sees("198.51.100.0/24 via 192.0.2.2")
    person.press("untab", "untab", "untab", "untab", "enter")
    person.sees("WRONG: there is no server to try")
    backs_out(person)
    tries(person, "127.0.0.1", "22", "Name: '127.0.0.1' is 127.0.0.1", "port 22 answers: SSH-2",
          "Packets: those of 65535 bytes, the card's MTU, arrive")
    person.press("esc")
    person.sees("┤ Network ├", "F3: try")
    person.press("f6")
    person.sees("near +link", "there is no name server|nameserver")
    backs_out(person)
    tries(person, "no-such-host.invalid", "22", "WRONG: Name: 'no-such-host.invalid' is not found")
    backs_out(person)
    tries(person, "127.0.0.1", "1", "WRONG: Connection: cannot connect to '127.0.0.1', port 1: Connection",
          "refused: is sshd started there")
    backs_out(person)
    for address in "192.0.2.2", "2001:db8::2":
        tries(person, address, "22", f"'{address}', port 22 takes it, but nobody there",
              "WRONG: Packets: those of 1500 bytes get lost")
        backs_out(person)
    subprocess.run(["nsenter", "--target", os.environ["far"], "--net", "ip", "link", "set", "far", "mtu", "1500"],
                   check=True)
    tries(person, "198.51.100.2", "22", "port 22 answers: SSH-2.0-stand-in",
          r"Packets: the way takes 1300 bytes, less than the card's MTU of 1500")
    picture(person, "reach")
    leaves(person)
    daemon.end()


def knows_no_key(person):
    """Nothing of the key was on a screen."""
    for line in KEY.split("\n")[1:-2]:
        check(line.encode() not in person.everything, "the key was on a screen")


def case_key():
    """A private key that is pasted, in place of a password."""
    say("a pasted key")
    forget_guests()
    daemon = Daemon()
    person = arrives()
    opens(person, "Server")
    person.press("127.0.0.1", *["tab"] * 4)
    person.sees("A private key itself")
    # Half of it.
    person.press(*(line + "\r" for line in KEY.split("\n")[:2]))
    person.sees(r"Private key +\*{30}")
    person.press("tab")
    person.sees("! Private key", "give a private key as a whole")
    person.press("untab", "ctrl-u", KEY.replace("\n", "\r"))
    # The last line ends it.
    person.sees(r"  Private key +\*\*\*_+ +entered", "The URL of a private key")
    picture(person, "server-key")
    person.press("f2", "f3")
    person.sees("The test has passed")
    person.press("esc")
    person.sees(r"  Private key +\*\*\*_")
    knows_no_key(person)
    leaves(person)
    daemon.end()


def case_stick():
    """A private key from a file on a stick, which nobody opens to write to it."""
    say("a key on a stick")
    forget_guests()
    libc = ctypes.CDLL("libc.so.6")
    watch = libc.inotify_init1(os.O_NONBLOCK)
    libc.inotify_add_watch(watch, (TMP + "/stick.img").encode(), 0xfff)
    daemon = Daemon()
    person = Person(["unshare", "--mount", "--propagation", "unchanged", "sh", "-c",
                     f'mount --bind {TMP}/block /sys/class/block && exec "$@"',
                     "sh"] + CONSOLE + ["--screen"])
    people.append(person)
    opens(person, "Server")
    person.press("127.0.0.1", "f6")
    person.sees("Which file is the private key", r"stick.img a note.txt", r"stick.img id of p2v")
    check(person.picture().count("stick.img") == 2, "there are other files")
    picture(person, "stick")
    person.press("enter")
    person.sees("WRONG: there is no private key in this file")
    person.press("down", "enter")
    person.sees("┤ Server ├", r"  Private key +\*\*\*_")
    person.press("f3")
    person.sees("The test has passed")
    knows_no_key(person)
    leaves(person)
    daemon.end()
    events = os.read(watch, 1 << 20)
    masks = set()
    while events:
        mask, length = struct.unpack_from("IxxxxI", events, 4)
        masks.add(mask)
        events = events[16 + length:]
    # Opened, read, and closed by who could not write: inotify(7).
    check(0x10 in masks and not masks & {0x2, 0x4, 0x8}, f"the stick was written to, or could have been: {masks}")


def case_appliance():
    """A console of the image: what is typed blindly does not reboot; a shell."""
    say("a console of the image")
    daemon = Daemon()
    person = Person(CONSOLE + ["--appliance"], PATH=TMP + "/stand-ins:" + os.environ["PATH"])
    people.append(person)
    person.sees("<Reboot>", "Start ")
    person.press("r")
    person.sees("Reboot this machine")
    person.press("y", "enter")
    person.sees_no("Reboot this machine")
    check(not os.path.exists(TMP + "/asked"), "a letter has rebooted the machine")
    person.press("s")
    person.sees("type 'exit' to come back")
    person.press("exit\r")
    person.sees("<Reboot>")
    person.press("r")
    person.sees("Reboot this machine")
    person.press("tab", "enter")
    person.until(lambda: os.path.exists(TMP + "/asked"), "the machine is not rebooted")
    leaves(person)
    daemon.end()


def case_keyboard():
    """The kernel's own screen, which has the machine's keyboard. The stand-in loadkeys looks whether
    the real one would load the layout, since a pseudo-terminal has none."""
    say("a keyboard layout")

    def loaded():
        with open(TMP + "/loaded", encoding="utf-8") as file:
            return file.read().split("\n")

    if "keymaps" not in os.environ:
        say("  left out: there is no /dev/tty9 here, or no /usr/share/keymaps")
        return
    daemon = Daemon(WORDS + " rd.vconsole.keymap=de")
    person = Person(["sh", "-c", 'mount --bind "$(tty)" /dev/tty9 && exec "$@"', "sh"] + CONSOLE + ["/dev/tty9"],
                    PATH=TMP + "/stand-ins:" + os.environ["PATH"])
    people.append(person)
    person.sees("Keyboard  ready  de")
    person.until(lambda: loaded()[0] == "--quiet --console /dev/tty9 de", "loadkeys was not asked")
    person.press("home", *["down"] * 8, "enter")
    person.sees("┤ Keyboard ├", "layout +de_+ from command line")
    picture(person, "keyboard")
    # One out of the list, and tried.
    person.press("tab", "down", "enter")
    person.sees("layout +fr_+ entered")
    person.until(lambda: loaded()[1:2] == ["--quiet --console /dev/tty9 fr"], "loadkeys was not asked again")
    person.press("tab", "azerty")
    person.sees("Try it here +azerty")
    # One that is not there, one that is wrong in itself, and back to the command line's.
    person.press("home", "ctrl-k", "tab", "tab", "tab")
    person.fill("tlh")
    person.press("tab")
    person.sees("WRONG: there is no keyboard layout 'tlh' here")
    person.press("untab")
    person.fill("broken")
    person.press("tab")
    person.sees("WRONG: loadkeys cannot load 'broken'", "syntax error")
    picture(person, "keyboard-wrong")
    person.press("esc")
    person.sees("Keyboard  WRONG  loadkeys cannot load")
    person.press("enter", "f4", "esc")
    person.sees("Keyboard  ready  de")
    person.press("enter")
    refuses(person, table()["p2v.keymap"], sentences()["p2v.keymap"])
    person.press("esc")
    person.sees("Keyboard  WRONG  'p2v.keymap'")
    person.press("enter", "f4", "esc")
    person.sees("Keyboard  ready  de")
    person.until(lambda: loaded()[-2].endswith(" de"), "the first layout was not loaded again")
    leaves(person)
    # At the end of a line there is no such part.
    other = arrives()
    other.sees("More      ready")
    check("Keyboard" not in other.picture(), "the keyboard's part is shown on a line")
    leaves(other)
    daemon.end()


def case_lines():
    """Line mode: the same, in another way."""
    say("line mode")
    v2v('{"hold": 1}')
    forget_guests()
    person = Person(CONSOLE, term="dumb", rows=200)
    people.append(person)
    answers(person, r"Which part \[1\]", "")
    answers(person, r"Server \(HOST,\.\.\.\) \[\]", "bad host")
    person.sees("wrong: .*bad host")
    answers(person, r"Server \(HOST,\.\.\.\) \[\]", "?")
    person.sees("name or address of the conversion server")
    answers(person, r"Server \(HOST,\.\.\.\) \[\]", "127.0.0.1")
    answers(person, r"Port \(PORT\) \[22\]", "")
    answers(person, r"User \(USER\) \[root\]", "")
    answers(person, r"Password \(PASSWORD\) \[\]", NO_UTF8)
    person.sees("wrong: 'p2v.auth.password' is wrong: it is not UTF-8")
    answers(person, r"Password \(PASSWORD\) \[\]", PASSWORD)
    answers(person, r"Private key \(KEY\) \[\]", KEY.split("\n")[0])
    for line in KEY.split("\n")[1:-1]:
        answers(person, "the next line of the key", line)
    answers(person, r"URL of a key", "")
    answers(person, r"Use sudo \(yes\|no\) \[no\]", "")
    answers(person, r"Host key", "")
    answers(person, r"Test the server now \(yes\|no\) \[yes\]", "")
    person.sees("The test has passed")
    answers(person, r"Accept it \(yes\|no\) \[no\]", "yes")
    answers(person, r"Which part", "6")
    answers(person, r"Output mode .*local.* \[local\]", "<")
    answers(person, r"Which part", "9")
    answers(person, r"Start \(yes\|no\) \[no\]", "yes")
    person.sees("p2vd works", "Copying disk 1/1", "the conversion has succeeded", r"\[edit\]:")
    for secret in (PASSWORD, *KEY.split("\n")[1:-2]):
        check(secret.encode() not in person.everything, "a secret was shown")
    answers(person, r"Try again", "edit")
    answers(person, r"Which part", "11")
    person.sees("Write a number from 1 to 10")
    leaves(person)


def case_left():
    """Line mode on a terminal that a killed program has left as it was; and a signal at a secret's question."""
    say("what a killed program leaves")
    daemon = Daemon()
    person = Person(["sh", "-c", '"$@" --screen; "$@" --lines', "sh"] + CONSOLE)
    people.append(person)
    person.sees("<Open>")
    subprocess.run(["pkill", "-KILL", "-P", str(person.pid)], check=True)
    # Lines begin at the left. What the forms have drawn is still around them.
    for question, answer in ((r"Which part \[\d\]", "1"), (r"Server \(HOST,\.\.\.\) \[\]", "127.0.0.1"),
                             (r"Port \(PORT\) \[22\]", ""), (r"User \(USER\) \[root\]", "")):
        person.sees(r"\n" + question)
        person.press(answer + "\r")
    person.sees(r"Password \(PASSWORD\) \[\]")
    person.press("ctrl-\\")
    end = time.monotonic() + PATIENCE
    while person.read(0.5):
        check(time.monotonic() < end, "Ctrl-\\ does not end it")
    people.remove(person)
    check(os.waitpid(person.pid, 0)[1] == 0, "Ctrl-\\ does not end it well")
    check(termios.tcgetattr(person.terminal)[3] & termios.ECHO, "what is typed does not show any more")
    daemon.end()


# ---- the server goes away --------------------------------------------------------------

SSHD = [os.environ["sshd"], "-D", "-e", "-f", TMP + "/sshd_config"]


class Server:
    """The sshd of the test, and virt-v2v there."""

    def __init__(self):
        with open(TMP + "/sshd.pid", encoding="ascii") as file:
            self.pid = int(file.read())
        self.process = None

    def hang_up(self):
        """Ends the sessions. Each is two processes, of which both have the connection."""
        sessions = subprocess.run(["pgrep", "-x", "sshd-session|sshd"], check=False, capture_output=True).stdout.split()
        sessions = [int(session) for session in sessions if int(session) != self.pid]
        check(sessions, "there is no session")
        # The control connection is the oldest; p2vd tells of what it sees first.
        for index, session in enumerate(sorted(sessions)):
            with contextlib.suppress(ProcessLookupError):  # it ends with the other
                os.kill(session, signal.SIGKILL)
            if index == 0:
                time.sleep(0.5)

    def stop(self):
        """Ends sshd, and its sessions."""
        os.kill(self.pid, signal.SIGSTOP)  # no new ones
        self.hang_up()
        os.kill(self.pid, signal.SIGKILL)
        if self.process:
            self.process.wait()

    def start(self):
        """Starts it again."""
        with open(TMP + "/sshd.log", "ab") as log:
            self.process = subprocess.Popen(SSHD, stdin=subprocess.DEVNULL, stderr=log)
        self.pid = self.process.pid
        end = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", 22)).close()
                return
            except ConnectionRefusedError:
                check(time.monotonic() < end, "sshd does not start again")
                time.sleep(0.1)


def impatient():
    """A server, a p2vd that waits 4 s for it, and a person who has entered it."""
    server = Server()
    # By the map the relay would soon have all, and virt-v2v would not need the machine any more.
    daemon = Daemon(WORDS.replace("p2v.connect_timeout=20", "p2v.connect_timeout=4 p2v.copy=all"))
    person = arrives()
    opens(person, "Server")
    person.press("127.0.0.1", "tab", "tab", "tab", PASSWORD, "tab")
    person.sees(r"Password +\*\*\*_+ +entered")
    return server, daemon, person


def case_gone_test():
    """The server goes away while it is tested."""
    say("the server goes away during the test")
    server, daemon, person = impatient()
    # Only the sessions: the test begins again.
    v2v('{"hang": true}')
    person.press("f3")
    person.until(lambda: os.path.exists(HUNG), "virt-v2v --version is not asked")
    # There is no host key to accept yet, and the button says so.
    person.press("tab", "enter")
    person.sees("The test is still running")
    server.hang_up()
    person.sees("control connection to 127.0.0.1 lost", "beginning again")
    v2v("{}")
    os.unlink(HUNG)
    person.sees("The test has passed")
    person.sees_no("The test is still running")
    person.press("esc")
    # All of it: the screen says why, and one can try again.
    v2v('{"hang": true}')
    person.sees("┤ Server ├")
    person.press("f3")
    person.until(lambda: os.path.exists(HUNG), "virt-v2v --version is not asked")
    server.stop()
    person.sees("WRONG: conversion server '127.0.0.1' cannot be reached")
    picture(person, "test-gone")
    person.press("tab", "enter")
    person.sees("The test has failed, so there is no host key to accept")
    person.press("esc")
    person.sees("  Server +127.0.0.1_", r"  Password +\*\*\*_+ +entered", "WRONG: conversion server")
    v2v("{}")
    os.unlink(HUNG)
    server.start()
    person.press("f3")
    person.sees("The test has passed")
    leaves(person)
    daemon.end()


def sends_log(person):
    """The line that Help tells for that, in a shell."""
    person.press("f1")
    person.sees("┤ Help ├", "virt-v2v's are on the server already, in '/tmp/virt-p2v-")
    line = re.search("journalctl -b [|] ssh .*'cat >p2vd-web.log'", person.picture())
    check(line, f"Help does not tell how to send the log\n{person.picture()}")
    shell = Person(["sh", "-c", line[0]], PATH=TMP + "/stand-ins:" + os.environ["PATH"])
    shell.sees("continue connecting")
    shell.press("yes\r")
    shell.sees("password:")
    shell.press(PASSWORD + "\r")
    end = time.monotonic() + PATIENCE
    while shell.read(1):
        check(time.monotonic() < end, "the log is not sent")
    with open(TMP + "/home/p2vd-web.log", encoding="utf-8") as file:
        check(file.read() == "the journal\n", "something else than the journal arrives")
    person.press("esc")
    person.sees("┤ End ├")


def case_gone():
    """The server goes away while it converts."""
    say("the server goes away while it converts")
    server, daemon, person = impatient()
    person.press("f3")
    person.sees("The test has passed")
    v2v('{"hold": 300}')
    person.press("esc")
    person.sees("┤ Server ├")
    person.press("esc")
    opens(person, "Start")
    person.press("enter")
    person.sees("step 9 of 10", "holding")
    # Only the sessions: p2vd comes back, and virt-v2v has not noticed.
    server.hang_up()
    person.sees("the tunnels are back", "control connection is back")
    # All of it: the screen says so. Who does not want to wait cancels, and has to end there what
    # runs, as the screen says.
    refused = said("Connection refused; trying for")
    server.stop()
    person.sees("┤ Running ├", "no connection to the server for .*: virt-v2v waits", "did not come up",
                "waiting for server")
    # Its first try may have met the server while that ended: what is next would be told later.
    person.until(lambda: said("Connection refused; trying for") > refused, "it does not look for the server")
    person.press("ctrl-c")
    person.sees("┤ Cancel ├")
    person.press("tab", "enter")
    person.sees("┤ End ├", "WRONG: the conversion has failed", "the server does not answer")
    picture(person, "end-gone")
    with open(TMP + "/p2vd.log", encoding="utf-8", errors="replace") as log:
        end = re.findall(r"p2v.reconnect_timeout, or by '(sh /tmp/virt-p2v-\S+/end.sh)'", log.read())
    subprocess.run(end[-1].split(), check=True)
    check(not glob.glob(OUT + "/web*"), "a guest was left")
    server.start()
    person.press("e")
    opens(person, "Server")
    person.sees("  Server +127.0.0.1_", r"  Password +\*\*\*_+ +entered")
    person.press("esc")
    before = said("holding")
    opens(person, "Start")
    person.press("enter")
    person.until(lambda: said("holding") > before, "virt-v2v does not hold")
    go_on()
    person.sees("┤ End ├", "the conversion has succeeded")
    sends_log(person)
    leaves(person)
    daemon.end()


# ---- wrong answers ------------------------------------------------------------------------

WORDED = ("boolean", "choice", "word")  # kinds of parameters that take a choice of words
LABEL = slice(3, 21)  # the columns of a field's label
refused = set()  # parameters whose wrong value was refused, or which take none


def table():
    """All parameters, by their names."""
    answer = subprocess.run([TMP + "/p2vctl", "--json", "--runtime-directory=" + TMP + "/run", "parameters"],
                            check=True, capture_output=True).stdout
    return {one["name"]: one for one in json.loads(answer)["parameters"]}


def sentences():
    """What p2vd says of each wrong value on the command line."""
    values = {**WRONG, **dict.fromkeys(ANY, ODD)}
    words = " ".join(f'{name}="{value}"' for name, value in values.items())
    said = subprocess.run([TMP + "/p2vd", "--print-config", "--cmdline=" + words],
                          check=False, capture_output=True).stderr.decode()
    check(not any(f"'{name}'" in said for name in ANY), f"a text can be wrong that was thought not to: {said}")
    found = {name: re.search(rf"^p2vd: ('{re.escape(name)}' .*)$", said, re.M) for name in WRONG}
    for name, match in found.items():
        check(match, f"p2vd takes '{name}={WRONG[name]!r}'")
    return {name: match[1] for name, match in found.items()}


def goes_to(person, label):
    """Puts the cursor into a field."""
    for _ in range(20):
        if person.screen.display[person.screen.cursor.y][LABEL].rstrip() == label:
            return
        person.press("tab")
    raise Failure(f"the field '{label}' does not get the cursor\n{person.picture()}")


def together(person):
    """The screen's text without borders, blanks and line breaks."""
    return re.sub(r"\s", "", "".join(line[1:-1] for line in person.screen.display))


def shown(one):
    """How a wrong value stands in its field, a regular expression."""
    value = WRONG[one["name"]]
    return "! " + re.escape(f"{one['label']:18} ") + (r"\*" * len(value) if one["secret"] else re.escape(value)) + "_"


def refuses(person, one, sentence):
    """A wrong value in a field, and what is told there."""
    goes_to(person, one["label"])
    if one["kind"] in WORDED:
        before = person.screen.display[person.screen.cursor.y]
        person.press("~")  # no word begins with it
        check(person.screen.display[person.screen.cursor.y] == before, f"'{one['name']}' takes another word")
        return
    if one["name"] in ANY:
        return
    person.fill(WRONG[one["name"]])
    person.press("tab")
    person.sees(shown(one))
    goes_to(person, one["label"])
    person.until(lambda: re.sub(r"\s", "", "WRONG: " + sentence) in together(person),
                 f"the field does not say: {sentence}")


def case_wrong_part(person, part, known, said):
    """All fields of a part with wrong values, which stay until they are corrected."""
    person.sees("Machine +ready")
    opens(person, part)
    here = [one for one in known.values()
            if any(line[LABEL].rstrip() == one["label"] for line in person.screen.display)]
    check(here, f"there is no field on the screen '{part}'")
    for one in here:
        refuses(person, one, said.get(one["name"]))
        refused.add(one["name"])
    wrong = [one for one in here if one["name"] in WRONG]
    person.press("esc")
    person.sees(f"{part} +WRONG  '(" + "|".join(re.escape(one["name"]) for one in wrong) + ")'")
    opens(person, part)
    person.sees(*(shown(one) for one in wrong))
    for one in wrong:
        goes_to(person, one["label"])
        person.press("f4")
        person.sees_no("! " + re.escape(f"{one['label']:18} "))
    person.press("esc")
    person.sees_no(rf"{part} +WRONG")


def case_wrong():
    """A wrong answer at each field: it is told there, by the words of the command line, and nothing is lost."""
    say("a wrong answer at each field")
    # This mode has all the fields that there are.
    daemon = Daemon(WORDS + " p2v.o=rhv-upload")
    person = arrives()
    # Who knows the way types ahead of the screens.
    person.sees("Machine +ready")
    person.press("home", "\rahead.example\t")
    person.sees("Server +ahead.example_+ +entered")
    person.press("untab", "f4", "esc")
    # A terminal of another character set: newt drops what is no UTF-8.
    opens(person, "Machine")
    person.fill(NO_UTF8)
    person.press("tab")
    person.sees("! Name")
    person.press("untab")
    person.sees("WRONG: 'p2v.guestname' is wrong: it is not UTF-8")
    person.fill("Zürich")
    person.press("tab")
    person.sees("  Name +Zürich_+ entered")
    person.press("untab", "f4", "esc")
    opens(person, "Output")
    picture(person, "output-upload")
    person.press("esc")
    known, said = table(), sentences()
    for name, one in known.items():
        check(name in WRONG or name in ANY or one["kind"] in WORDED, f"'{name}' has no wrong value")
    for part in ("Server", "Network", "Machine", "Disks", "Cards", "Output", "Transfer", "More"):
        case_wrong_part(person, part, known, said)
    check(table() == known, "a wrong value was taken")
    leaves(person)
    daemon.end()
    missing = set(known) - refused - {"p2v.keymap"}
    check(not missing, f"these parameters are in no form: {missing}")


def part_whole():
    """A conversion, and what else happens to a console meanwhile and after it."""
    say("a whole conversion")
    daemon, person, other = case_whole()
    case_two(person, other)
    case_interrupted(other, person)
    case_resized(person)
    daemon = case_lost(daemon, other)
    case_terminals()
    daemon.end()


def part_lines():
    """Line mode."""
    case_left()
    daemon = Daemon()
    case_lines()
    daemon.end()


# They need nothing of one another, and so run beside each other.
PARTS = {"whole": [part_whole], "reach": [case_reach], "keys": [case_key, case_stick, case_appliance, case_keyboard],
         "wrong": [case_wrong], "gone-test": [case_gone_test], "gone": [case_gone], "lines": [part_lines]}


def main():
    """Those that are named, or all."""
    for name in sys.argv[1:] or PARTS:
        for case in PARTS[name]:
            case()
    say("done")


try:
    main()
except Failure as failure:
    for someone in people:
        print(someone.picture(), file=sys.stderr)
    sys.exit(f"conversation.py: {failure}")
