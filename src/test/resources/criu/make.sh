#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the dumps in this directory anew, as root, with a CRIU that works on this kernel; they are of CRIU 4.2. Of each dump the files
# are kept that the command reads.
#
#     CRIU=/usr/sbin/criu make.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=/tmp/standpipe-dumps
mkdir "$work"
cd "$work"
gcc -static -Os -Wall -Wextra -Werror -o target "$here/target.c"
strip target
for kind in pipes fifos queue; do
    rm -f ready
    mkdir "$kind"
    setsid ./target "$kind" </dev/null >/dev/null 2>&1 &
    pid=$!
    until [ -e ready ]; do
        kill -0 "$pid"
    done
    "${CRIU:-criu}" dump --tree "$pid" --images-dir "$kind" --log-file dump.log || { tail -n 5 "$kind/dump.log"; exit 1; }
    rm -rf "${here:?}/$kind"
    mkdir "$here/$kind"
    for file in inventory pstree core-* ids-* fdinfo-* files pipes-data fifo-data remap-fpath; do
        # shellcheck disable=SC2086 # a pattern
        for found in $kind/$file.img; do
            [ ! -e "$found" ] || cp "$found" "$here/$kind"
        done
    done
    chmod 644 "$here/$kind"/*
done
rm -rf "$work"
