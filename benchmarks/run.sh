#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh quick|full           builds everything, measures all parts and writes report/: quick takes about a quarter of an hour
# run.sh PART [ARGUMENT]...   measures one part: window, images, streams, process, growth, costs, startup, jmh or criu; arguments
#                             are sets such as 100x64KiB, none for growth, and JMH's own options for jmh
# run.sh report               writes report/ of the results that the parts have left in target/results
#
# CRIU: the program, if it is not in PATH
# STANDPIPE: the directory of an installed distribution, if not the one that is built is to be measured
set -eu

results=target/results
images=target/images
jar=../target/standpipe.jar

usage() {
    sed -n 's/^# \(run.sh .*\|  .*\)/\1/p' "$0" >&2
    exit 2
}

build() {
    (cd .. && mvn -q -B -ntp install -DskipTests && mvn -q -B -ntp -Pdist package -DskipTests)
    mvn -q -B -ntp package
    "${CC:-gcc}" -O2 -std=gnu11 -Wall -Wextra -pthread -o target/floor floor/*.c
    mkdir -p $results
}

run() {
    class=$1
    shift
    java -cp target/benchmarks.jar "io.standpipe.benchmarks.$class" "$@"
}

# Arguments: the part, quick or full, and the part's own.
measure() {
    part=$1
    pass=$2
    shift 2
    # The distribution with a runtime, if there is one.
    installed=${STANDPIPE:-$(find ../target/dist -maxdepth 1 -name 'standpipe-*-linux-*' -type d 2>/dev/null || true)}
    case $part in
        window) run FrozenWindow "$pass" $results/window.json $images "$@" ;;
        images) run Images "$pass" $results/images.json $images,/dev/shm "$@" ;;
        streams) run Streams "$pass" $results/streams.json "$@" ;;
        process) run OtherProcess "$pass" $results/process.json /dev/shm "$@" ;;
        growth) run Growth "$pass" $results/growth.json /dev/shm ;;
        costs) run Costs $results/costs.json $images "$@" ;;
        startup) run StartUp "$pass" $results/startup.json $images ${installed:+"$installed"} $jar ;;
        jmh) java -jar target/benchmarks.jar -rf json -rff $results/jmh.json "$@" ;;
        criu) run BesideCriu "$pass" $results/criu.json $images "${installed:-$jar}" "$@" ;;
    esac
}

report() {
    java -Djava.awt.headless=true -cp target/benchmarks.jar io.standpipe.benchmarks.Report $results report
    echo "see benchmarks/report/README.md"
}

cd "$(dirname "$0")"
[ $# -ge 1 ] || usage
what=$1
shift
case $what in
    quick | full)
        build
        for part in window images streams process growth costs startup jmh criu; do
            measure $part "$what"
        done
        report
        ;;
    window | images | streams | process | growth | costs | startup | jmh | criu) build && measure "$what" quick "$@" ;;
    report) build && report ;;
    *) usage ;;
esac
