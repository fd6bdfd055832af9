#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds everything and measures: "run.sh quick" takes a few minutes, "run.sh full" about an hour; both make
# the report in report/.
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

# What JMH is for: allocation, and what takes nanoseconds. Arguments: options of JMH.
measure_inside() {
    version=$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
    case $version in
        17 | 18 | 19 | 20 | 21) set -- "$@" -e ffm ;; # the foreign function API came with 22
    esac
    java -jar target/benchmarks.jar -prof gc -rf json -rff target/results/jmh.json "$@"
}

all() {
    mkdir -p target/results
    build
    measure_window "$1"
    measure_images "$1"
    if [ "$1" = full ]; then
        measure_inside -f 3 -wi 5 -w 2 -i 10 -r 2
    else
        measure_inside
    fi
    java -Djava.awt.headless=true -cp target/benchmarks.jar io.standpipe.benchmarks.Report target/results report
    echo "see report/README.md"
}

cd "$(dirname "$0")"
[ $# -ge 1 ] || usage
mode=$1
shift
case $mode in
    window) build && measure_window quick "$@" ;;
    quick | full) all "$mode" ;;
    images) build && measure_images quick "$@" ;;
    *) usage ;;
esac
