#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What CRIU takes to dump and restore a process that holds pipes: "criu.sh 100x64KiB". Says so where CRIU does not work here.
#
# CRIU saves the whole process, its memory too, and ends it unless told to leave it running; so its times are an upper
# bound of what the pipes cost. Needs root, and a kernel that CRIU supports.
set -eu

cd "$(dirname "$0")"
set_name=${1:-100x64KiB}
rounds=${2:-10}
images=target/criu

if ! command -v criu > /dev/null; then
    echo "criu is not installed: nothing measured"
    exit 0
fi
if ! criu check > /dev/null 2>&1; then
    echo "criu does not work here, as \"criu check\" tells: nothing measured"
    exit 0
fi

nanos() {
    date +%s%N
}

round() {
    rm -rf "$images"
    mkdir -p "$images"
    setsid target/floor hold "$set_name" < /dev/null > "$images/ready" 2>&1 &
    holder=$!
    # The holder lets go of its output when its pipes are full.
    until [ "$(readlink "/proc/$holder/fd/1")" = /dev/null ]; do :; done
    start=$(nanos)
    criu dump --tree "$holder" --images-dir "$images" --log-file dump.log
    dumped=$(nanos)
    criu restore --images-dir "$images" --log-file restore.log --restore-detached --pidfile "$PWD/$images/pid"
    restored=$(nanos)
    kill -KILL "$(cat "$images/pid")"
    echo "{\"set\": \"$set_name\", \"dumpNanos\": $((dumped - start)), \"restoreNanos\": $((restored - dumped))}"
}

for _ in $(seq "$rounds"); do
    round
done
