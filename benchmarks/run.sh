#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds everything and measures: "run.sh quick" takes a few minutes, "run.sh full" an hour or two.
# "run.sh window" measures the frozen window alone, "run.sh images" checkpoint and restore; sets may be named, as in
# "run.sh window 1000x64KiB".
set -eu

usage() {
    echo "usage: run.sh quick|full|window|images [SET]..." >&2
    exit 2
}

build() {
    (cd .. && mvn -q -B -ntp install -DskipTests)
    mvn -q -B -ntp package
    "${CC:-gcc}" -O2 -std=gnu11 -Wall -Wextra -o target/floor floor/*.c
}

measure_window() {
    pass=$1
    shift
    java -cp target/benchmarks.jar io.standpipe.benchmarks.FrozenWindow "$pass" target/results/window.json target/images \
        "$@"
}

measure_images() {
    pass=$1
    shift
    java -cp target/benchmarks.jar io.standpipe.benchmarks.Images "$pass" target/results/images.json \
        target/images,/dev/shm/standpipe-images "$@"
    rmdir /dev/shm/standpipe-images
}

cd "$(dirname "$0")"
[ $# -ge 1 ] || usage
mode=$1
shift
case $mode in
    window) build && measure_window quick "$@" ;;
    images) build && measure_images quick "$@" ;;
    *) usage ;;
esac
