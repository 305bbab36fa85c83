#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
debian_tree.py DIRECTORY DEB…

Makes in DIRECTORY a small Debian system, in which the packages DEB can be installed if they
name all that they depend on: of this system the essential and required packages, and what
DEBs depend on. It is copied from the files that dpkg lists for these packages.
"""
import glob
import os
import re
import shutil
import subprocess
import sys

ADMIN = "/var/lib/dpkg"
# Made by scripts of packages, and listed for none of them.
MADE = ["passwd", "group", "shadow", "gshadow", "ld.so.cache", "nsswitch.conf", "hosts"]


def paragraphs(text):
    for paragraph in text.strip().split("\n\n"):
        yield dict(re.findall(r"^(\S+): ?(.*(?:\n[ \t].*)*)", paragraph, re.M)), paragraph


def names(relation):
    """Each alternative of each dependency, without versions."""
    for group in filter(None, (each.strip() for each in relation.split(","))):
        yield [re.split(r"[ (:\[]", name.strip())[0] for name in group.split("|")]


def closure(wanted, installed, provided):
    found, todo = set(), list(wanted)
    while todo:
        choices = todo.pop()
        choice = next((name for name in choices if name in installed), None)
        choice = choice or next((provided[name] for name in choices if name in provided), None)
        # What is missing here dpkg will complain of.
        if choice and choice not in found:
            found.add(choice)
            fields = installed[choice][0]
            for field in ("Depends", "Pre-Depends"):
                todo += names(fields.get(field, ""))
    return found


def main():
    directory, debs = sys.argv[1], sys.argv[2:]
    with open(f"{ADMIN}/status", encoding="utf-8") as file:
        installed = {each[0]["Package"]: each for each in paragraphs(file.read())
                     if each[0]["Status"].endswith(" installed")}
    provided = {name[0]: package for package, (fields, _) in installed.items()
                for name in names(fields.get("Provides", ""))}
    wanted = [[package] for package, (fields, _) in installed.items()
              if fields.get("Essential") == "yes" or fields.get("Priority") == "required"]
    for deb in debs:
        told = subprocess.run(["dpkg-deb", "-f", deb, "Depends", "Pre-Depends"], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        for fields, _ in paragraphs(told):
            for relation in fields.values():
                wanted += names(relation)
    packages = closure(wanted, installed, provided)

    files = set()
    os.makedirs(f"{directory}{ADMIN}/info")
    for package in packages:
        for path in glob.glob(f"{ADMIN}/info/{package}.*") + glob.glob(f"{ADMIN}/info/{package}:*"):
            shutil.copy(path, f"{directory}{path}")
            if path.endswith(".list"):
                with open(path, encoding="utf-8") as file:
                    files.update(line for line in file.read().split("\n") if os.path.lexists(line))
    with open(f"{directory}{ADMIN}/status", "w", encoding="utf-8") as file:
        file.write("".join(f"{installed[package][1]}\n\n" for package in sorted(packages)))
    for name in ("info/format", "arch", "diversions", "statoverride"):
        if os.path.exists(f"{ADMIN}/{name}"):
            shutil.copy(f"{ADMIN}/{name}", f"{directory}{ADMIN}/{name}")
    files.update(f"/etc/{name}" for name in MADE if os.path.exists(f"/etc/{name}"))
    listed = "\0".join(sorted(name.lstrip("/") for name in files if name != "/.")) + "\0"
    with subprocess.Popen(["tar", "-C", "/", "--null", "--no-recursion", "--files-from=-", "-c"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as pack:
        with subprocess.Popen(["tar", "-C", directory, "-x"], stdin=pack.stdout) as unpack:
            pack.stdout.close()
            pack.stdin.write(listed.encode())
            pack.stdin.close()
        if pack.wait() or unpack.returncode:
            sys.exit("debian_tree.py: tar has failed")
    # awk, and what else packages have by alternatives.
    for path in glob.glob(f"{ADMIN}/alternatives/*"):
        with open(path, encoding="utf-8") as file:
            link = file.read().split("\n")[1]
        name = f"/etc/alternatives/{os.path.basename(path)}"
        if os.path.islink(name) and os.path.lexists(directory + os.readlink(name)):
            for made in (name, link):
                os.makedirs(os.path.dirname(directory + made), exist_ok=True)
                if not os.path.lexists(directory + made):
                    os.symlink(os.readlink(made), directory + made)
    print(f"{len(packages)} packages, {len(files)} files")


main()
