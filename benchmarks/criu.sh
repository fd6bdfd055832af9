#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What CRIU takes to dump and restore a process that holds pipes: "criu.sh 100x64KiB", one line of JSON for each round. Says so
# where CRIU does not work here. "frozenMicros" is what CRIU itself tells of how long the process stood still (--display-stats).
#
# CRIU saves the whole process, its memory too, and ends it; so its times are an upper bound of what the pipes cost. Needs
# root, and a kernel that CRIU supports. The options are those that CRIU 4.2 documents.
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

# A session of its own, with no terminal, and nothing that its parent's end would do to it: it is restored as another's child.
start_holder() {
    setsid target/floor -l hold "$set_name" < /dev/null > "$images/ready" 2>&1 &
    holder=$!
    # It lets go of its output when its pipes are full.
    until [ "$(readlink "/proc/$holder/fd/1")" = /dev/null ]; do
        kill -0 "$holder" 2> /dev/null || { cat "$images/ready" >&2; exit 1; }
    done
}

round() {
    rm -rf "$images"
    mkdir -p "$images"
    start_holder
    start=$(nanos)
    criu dump --tree "$holder" --images-dir "$images" --log-file dump.log --display-stats > "$images/stats"
    dumped=$(nanos)
    # Its pid is free for its successor only when its end has been waited for.
    wait "$holder" 2> /dev/null || true
    restoring=$(nanos)
    criu restore --images-dir "$images" --log-file restore.log --restore-detached --pidfile "$PWD/$images/pid"
    restored=$(nanos)
    kill -KILL "$(cat "$images/pid")"
    printf '{"set": "%s", "dumpNanos": %s, "frozenMicros": %s, "restoreNanos": %s}\n' "$set_name" $((dumped - start)) \
        "$(sed -n 's/^Frozen time: \([0-9]*\) us.*/\1/p' "$images/stats")" $((restored - restoring))
}

for _ in $(seq "$rounds"); do
    round
done
