# SPDX-License-Identifier: Apache-2.0
"""Compares what the documentation says is there since some version of Linux with what "standpipe check" finds on this one.

    since.py PLATFORMS.md CHECK.json

A line for each thing of the page's table: it must be there since that version, and not before.
"""
import json
import os
import re
import sys

release = tuple(int(number) for number in re.match(r"(\d+)\.(\d+)", os.uname().release).groups())
levels = {finding["name"]: finding["level"].lower() for finding in json.load(open(sys.argv[2]))}
rows = 0
for line in open(sys.argv[1]):
    row = re.match(r"\| (`.*`) \| Linux (\d+)\.(\d+)\S* \|", line)
    if not row:
        continue
    since = (int(row.group(2)), int(row.group(3)))
    for name in re.findall("`([^`]+)`", row.group(1)):
        rows += 1
        # Whether a cgroup can be frozen depends on which one a process is in, too: commands.sh freezes one.
        if name not in levels or name == "cgroup.freeze":
            continue
        there = levels[name] == "ok"
        words = f"{name}, since Linux {since[0]}.{since[1]}"
        if there == (release >= since):
            print(f"ok {words}: {'there' if there else 'not there'}")
        else:
            print(f"FAILED {words}: check says {levels[name]} on {os.uname().release}")
if rows == 0:
    print(f"FAILED {sys.argv[1]} has no table of versions")
