#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds everything and measures: "run.sh quick" takes a few minutes, "run.sh full" an hour or two.
# "run.sh window" measures the frozen window alone, of sets that may be named: "run.sh window 1000x64KiB".
set -eu

usage() {
    echo "usage: run.sh quick|full|window [SET]..." >&2
    exit 2
}

build() {
    (cd .. && mvn -q -B -ntp install -DskipTests)
    mvn -q -B -ntp package
    "${CC:-gcc}" -O2 -std=gnu11 -Wall -Wextra -pthread -o target/floor floor/*.c
}

measure_window() {
    pass=$1
    shift
    java -cp target/benchmarks.jar io.standpipe.benchmarks.FrozenWindow "$pass" target/results/window.json target/images \
        "$@"
}

cd "$(dirname "$0")"
[ $# -ge 1 ] || usage
mode=$1
shift
case $mode in
    window) build && measure_window quick "$@" ;;
    *) usage ;;
esac
