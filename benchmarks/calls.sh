#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The system calls of a checkpoint, a stream and a restore, for each pipe: Standpipe's, and those of the floor that makes the
# same ones: "calls.sh 100x64KiB". Standpipe takes no survey here, and asks for each descriptor. What differs is marked. How
# often a stream's splice is tried again, and with it poll and FIONREAD, is up to whoever reads: there the two may differ.
# Closing what was restored is not a part of a restore, and not counted.
#
# Counted is what two more rounds take, so that what happens once in a process is not.
set -eu

cd "$(dirname "$0")"
traced=openat,close,close_range,fstat,newfstatat,fstatfs,getdents64,pipe2,fcntl,ioctl,tee,splice,vmsplice,\
readv,pread64,write,pwrite64,writev,poll,fallocate,sync_file_range,fdatasync,renameat,fsync
work=target/calls
mkdir -p "$work/images"

if ! command -v strace > /dev/null; then
    echo "strace is not installed: nothing counted"
    exit 0
fi

# "checkpoint COUNT", name and argument of each call, sorted.
count() {
    sed -n -E 's/^[0-9]+ +(fcntl|ioctl)\([0-9]+, ([A-Z_]+).*/\1(\2)/p; t; s/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$1" | sort | uniq -c
}

java_calls() {
    strace -f -e "trace=$traced" -o "$work/trace" java -Xint -Dstandpipe.survey=off -cp target/benchmarks.jar io.standpipe.benchmarks.Calls "$@"
    count "$work/trace"
}

floor_calls() {
    strace -f -e "trace=$traced" -o "$work/trace" \
        target/floor -n "$4" -d "$3" "same-$1" "$2" > /dev/null
    count "$work/trace"
}

compare() {
    for times in 2 4; do
        java_calls "$1" "$2" "$work/images" $times > "$work/java.$times"
        floor_calls "$1" "$2" "$work/images" $times > "$work/floor.$times"
    done
    echo "$1 $2"
    awk -v pipes="${2%%x*}" -v what="$1" '
        function mark(difference) {
            if (difference < 0)
                difference = -difference
            return difference > 0.05 && difference * pipes > 2 ? "  differs" : ""
        }
        what == "restore" && $2 ~ /^close/ { next }
        { sign = FILENAME ~ /2$/ ? -1 : 1; who = FILENAME ~ /java/ ? 1 : 2; calls[$2]; taken[$2, who] += sign * $1 / 2 }
        END {
            for (call in calls) {
                ours = taken[call, 1] / pipes
                floors = taken[call, 2] / pipes
                if (ours != 0 || floors != 0)
                    printf "  %-24s %8.2f %8.2f%s\n", call, ours, floors, mark(ours - floors)
            }
        }' "$work/java.2" "$work/java.4" "$work/floor.2" "$work/floor.4" | sort
}

printf '%-26s %8s %8s\n' "calls for a pipe" Standpipe floor
for set_name in "${@:-100x64KiB}"; do
    for what in checkpoint stream restore; do
        compare "$what" "$set_name"
    done
done
