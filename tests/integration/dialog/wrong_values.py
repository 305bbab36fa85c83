# SPDX-License-Identifier: GPL-2.0-or-later
"""A wrong value for each parameter that takes more than a choice of words. What is wrong with it, the
table of parameters says (src/config/parameters.c): p2vd tells it on the command line, and the forms
must tell the same."""

DASH = "reboot \u2013f"  # what a word processor makes of reboot -f

WRONG = {
    "p2v.remote.server": "root@",
    "p2v.remote.port": "ssh",
    "p2v.auth.username": "-user",
    "p2v.auth.identity.key": "-----BEGIN of nothing",
    "p2v.auth.identity.url": "gopher://host/key",
    "p2v.hostkey": "SHA256:short",
    "p2v.network_timeout": "soon",
    "p2v.connect_timeout": "0",
    "p2v.reconnect_timeout": "59",
    "p2v.guestname": "a/b",
    "p2v.vcpu.cores": "8193",
    "p2v.memory": "4 GB",
    "p2v.rtc.offset": "+15",
    "p2v.disks": "sda,",
    "p2v.removable": "nvme0n1",
    "p2v.interfaces": "lo",
    "p2v.network_map": "eth0:",
    "p2v.output.type": "Local",
    "p2v.output.connection": "-qemu:///system",
    "p2v.output.credentials": "-op",
    "p2v.output.format": "vmdk",
    "p2v.output.storage": "--pool",
    "p2v.output.misc": "-oo",
    "p2v.root": "ask",
    "p2v.key": "/dev/sda2:",
    "p2v.mac": "52:54:00:00:00:01:host:x",
    "p2v.streams": "9",
    "p2v.store": "yes",
    "p2v.bandwidth": "100",
    "p2v.map_timeout": "0",
    "p2v.bad_sectors_max": "0",
    "p2v.slots": "0",
    "p2v.retries": "11",
    "p2v.config": "parameters",
    "p2v.pre": DASH,
    "p2v.post": DASH,
    "p2v.done": "ftp://host/done",
    "p2v.report": "ftp://host/report",
    "p2v.report_token": "two words",
    "p2v.report_interval": "0",
    "p2v.fail": DASH,
    "p2v.countdown": "1 day",
    "p2v.keymap": "../de",
}

# These take any text that a person can write into a form, as this one.
ANY = ("p2v.auth.password", "p2v.cpu.vendor", "p2v.cpu.model")
ODD = "-/../ ~,,=:'`;$(x)|\u2013<>{}"

# Zürich as a terminal of ISO 8859-1 sends it. newt itself drops such a byte, and what comes with it; the
# form has to notice.
NO_UTF8 = "Z\udcfcrich"
