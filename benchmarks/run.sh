#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds everything and measures: "run.sh quick" takes a quarter of an hour, "run.sh full" an hour or more; both make
# the report in report/.
# One part alone, with no report: "run.sh window" (the frozen window), "images" (checkpoint, streaming, restore), "inplace",
# "first" (the first calls of a new JVM), "jmh" (what is measured inside a JVM), "startup" (the command), "criu" (CRIU beside
# Standpipe), "calls" (which system calls are made). Sets may be named, as in "run.sh window 1000x64KiB"; for jmh its own
# options, for startup homes of JDKs. "run.sh report" makes the report of results that are there.
#
# OTHER_JAVA_HOMES: more JDKs to measure the command's start and a native call with, separated by spaces.
# CRIU: the program, if it is not in PATH.
set -eu

main=io.standpipe.benchmarks
results=target/results

usage() {
    echo "usage: run.sh quick|full|window|images|inplace|first|jmh|startup|criu|calls|report [SET]..." >&2
    exit 2
}

build() {
    (cd .. && mvn -q -B -ntp install -DskipTests)
    mvn -q -B -ntp package
    "${CC:-gcc}" -O2 -std=gnu11 -Wall -Wextra -pthread -o target/floor floor/*.c
    mkdir -p $results
}

# What JMH is for: allocation, and what takes nanoseconds.
measure_jmh() {
    pass=$1
    shift
    if [ "$pass" = full ]; then
        set -- -f 3 -wi 5 -w 2 -i 10 -r 2 "$@"
    fi
    java -cp target/benchmarks.jar $main.Machine $results/machine.json
    measure_jmh_by java jmh.json "$@"
    # What a call costs may differ by JDK, and the foreign function API came with 22.
    rm -f $results/jmh-*.json
    for home in ${OTHER_JAVA_HOMES:-}; do
        measure_jmh_by "$home/bin/java" "jmh-$(specification "$home/bin/java").json" NativeCall
    done
}

specification() {
    "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

measure_jmh_by() {
    java=$1
    file=$2
    shift 2
    case $(specification "$java") in
        17 | 18 | 19 | 20 | 21) set -- "$@" -e ffm ;;
        *) set -- "$@" -jvmArgs --enable-native-access=ALL-UNNAMED ;;
    esac
    "$java" -jar target/benchmarks.jar -prof gc -rf json -rff "$results/$file" "$@"
}

# Arguments: quick or full, homes of JDKs if not the usual ones.
measure_startup() {
    pass=$1
    shift
    if [ $# = 0 ]; then
        # shellcheck disable=SC2046,SC2086 # one word for each
        set -- $(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p') ${OTHER_JAVA_HOMES:-}
    fi
    java -cp target/benchmarks.jar $main.StartUp "$pass" $results/startup.json ../target/standpipe.jar target/startup "$@"
}

# Arguments: the part, quick or full, sets if not the usual ones.
measure() {
    part=$1
    pass=$2
    shift 2
    case $part in
        window) java -cp target/benchmarks.jar $main.FrozenWindow "$pass" $results/window.json target/images "$@" ;;
        images)
            java -cp target/benchmarks.jar $main.Images "$pass" $results/images.json \
                target/images,/dev/shm/standpipe-images "$@"
            rmdir /dev/shm/standpipe-images
            ;;
        inplace) java -cp target/benchmarks.jar $main.InPlace "$pass" $results/inplace.json target/images "$@" ;;
        first) java -cp target/benchmarks.jar $main.FirstImages "$pass" $results/first.json target/images "$@" ;;
        jmh) measure_jmh "$pass" "$@" ;;
        startup) measure_startup "$pass" "$@" ;;
        criu)
            java -cp target/benchmarks.jar $main.BesideCriu "$pass" $results/criu.json \
                target/images,/dev/shm/standpipe-images ../target/standpipe.jar target/startup "$@"
            # Not there where CRIU is not.
            [ ! -d /dev/shm/standpipe-images ] || rmdir /dev/shm/standpipe-images
            ;;
    esac
}

report() {
    java -Djava.awt.headless=true -cp target/benchmarks.jar $main.Report $results report
    echo "see report/README.md"
}

cd "$(dirname "$0")"
[ $# -ge 1 ] || usage
mode=$1
shift
case $mode in
    quick | full)
        build
        for part in window images inplace first jmh startup criu; do
            measure $part "$mode"
        done
        report
        ;;
    window | images | inplace | first | jmh | startup | criu) build && measure "$mode" quick "$@" ;;
    calls) build && ./calls.sh "$@" ;;
    report) build && report ;;
    *) usage ;;
esac
