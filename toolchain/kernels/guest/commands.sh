#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The command as a user types it, on real programs: a line "ok", "FAILED" or "SKIP" for each thing that is tried.
#
#     commands.sh JAR CLASSES     run.sh runs it in each machine; it may be run anywhere, by root and by a user
set -u

jar=$(readlink -f "$1")
classes=$(readlink -f "$2")
scripts=$(dirname "$(readlink -f "$0")")
here=$(mktemp -d /tmp/commands.XXXXXX)
cd "$here" || exit
trap 'kill $(jobs -p) 2>/dev/null; cd /; rm -rf "$here"' EXIT

# Where a processor is emulated, compiling costs more than interpreting for as short as a command runs, and classes that come from an
# archive are worth most: four times as fast together.
java='java -Xint -XX:+UseSerialGC'
$java -XX:ArchiveClassesAtExit="$here/classes.jsa" -jar "$jar" check >/dev/null 2>&1
command="$java -XX:SharedArchiveFile=$here/classes.jsa -jar $jar"
standpipe() { timeout 300 $command "$@" 2>message; }
failed=0
tests=0

# is WHAT FOUND EXPECTED
is() {
    tests=$((tests + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "FAILED $1: found '$(head -c 300 <<<"$2")', expected '$(head -c 300 <<<"$3")'; $(tr '\n' ' ' <message | head -c 600)"
        failed=1
    fi
}

skip() {
    tests=$((tests + 1))
    echo "SKIP $1: $2"
}

# until_true COMMAND...: at most a minute.
until_true() {
    local tries=0
    until "$@" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { is "waiting for: $*" "not within a minute" ""; return 1; }
        sleep 0.2
    done
}

sleeps() { [ "$(state_of "$1")" = S ]; }
state_of() { sed 's/.*) //' "/proc/$1/stat" | cut -c 1; }
is_program() { [ "$(cat "/proc/$1/comm" 2>/dev/null)" = "$2" ]; }
ends() { until_true eval "! kill -0 $1"; }
md5() { md5sum | cut -d ' ' -f 1; }

# A pipe full of numbers: sets $writer and $reader, a sleep that holds the read end as fd 0.
full_pipe() {
    mkfifo link
    seq 1 1000000 2>/dev/null >link &
    writer=$!
    sleep 1000 <link &
    reader=$!
    until_true is_program $reader sleep
    until_true is_program $writer seq
    until_true is_full $reader
    rm link
}

is_full() { [ "$(python3 -c 'import fcntl,array,termios,sys
n=array.array("i",[0]); fcntl.ioctl(open("/proc/%s/fd/0" % sys.argv[1],"rb",0),termios.FIONREAD,n); print(n[0])' "$1")" = 65536 ]; }

end() { kill -KILL "$@" 2>/dev/null; wait "$@" 2>/dev/null; }

check() {
    standpipe check >check.txt
    status=$?
    sed 's/^/    /' check.txt
    is "check" $status 0
    standpipe check --json >check.json
    while read -r line; do
        echo "$line"
        tests=$((tests + 1))
        [ "${line%% *}" = ok ] || failed=1
    done < <(python3 "$scripts/since.py" "$scripts/../../../docs/PLATFORMS.md" check.json)
}

main_job() {
    local first
    first=$(seq 1 1000000 | head -c 65536 | md5)
    seq 1 1000000 2>/dev/null | sleep 1000 &
    reader=$!
    until_true is_program $reader sleep
    until_true is_full $reader
    standpipe list --pid $reader >list.txt
    is "list says how full the pipe is" "$(grep -c '65,536 of 65,536 bytes, full' list.txt)" 1
    is "peek" "$(standpipe peek --pid $reader --fd 0 --bytes | md5)" "$first"
    for freeze in ptrace stop none; do
        standpipe checkpoint --pid $reader --fd 0 --freeze $freeze --output $freeze.ckpt
        is "checkpoint, frozen by $freeze" $? 0
        is "the process runs on after $freeze" "$(state_of $reader)" S
        is "restore after $freeze" "$(standpipe restore $freeze.ckpt -- cat | md5)" "$first"
    done
    is "extract" "$(standpipe extract ptrace.ckpt | md5)" "$first"
    is "peek, after three checkpoints" "$(standpipe peek --pid $reader --fd 0 --bytes | md5)" "$first"
    end $reader
}

stream() {
    seq 1 1000000 2>/dev/null | sleep 1000 &
    reader=$!
    until_true is_full $reader
    is "checkpoint to a stream, restored from it" \
        "$(standpipe checkpoint --pid $reader --fd 0 --output - | $command restore - -- md5sum 2>/dev/null | cut -d ' ' -f 1)" \
        "$(seq 1 1000000 | head -c 65536 | md5)"
    end $reader
}

fifo() {
    mkdir below
    mkfifo below/fifo
    seq 1 100000 2>/dev/null >below/fifo &
    writer=$!
    sleep 1000 <below/fifo &
    reader=$!
    until_true is_full $reader
    standpipe checkpoint --pid $reader --fd 0 --output fifo.ckpt
    is "checkpoint of a FIFO" $? 0
    end $reader $writer
    is "restore of a FIFO" "$(standpipe restore --fifo-base "$here/below" fifo.ckpt -- wc -c)" 65536
    rm below/fifo
    is "restore of a FIFO that is made anew" \
        "$(standpipe restore --fifo-base "$here/below" --create-fifos fifo.ckpt -- wc -c)" 65536
    rm -r below
}

packets() {
    cat >packets.py <<'P'
import os, sys, time
r, w = os.pipe2(os.O_DIRECT)
for packet in (b"a", b"bb" * 100, b"c" * 4096, b"d" * 5000):
    os.write(w, packet)
os.dup2(r, 0)
os.close(r)
print("ready", flush=True)
time.sleep(1000)
P
    cat >lengths.py <<'P'
import os
os.set_blocking(0, False)
lengths = []
try:
    while True:
        taken = os.read(0, 65536)
        if not taken:
            break
        lengths.append(len(taken))
except BlockingIOError:
    pass
print(lengths)
P
    python3 packets.py >ready.txt &
    reader=$!
    until_true grep -q ready ready.txt
    standpipe checkpoint --pid $reader --fd 0 --output packets.ckpt
    is "checkpoint of packets" $? 0
    end $reader
    is "restore of packets" "$(standpipe restore packets.ckpt -- python3 lengths.py)" "[1, 200, 4096, 4096, 904]"
}

tree() {
    bash -c 'trap "" PIPE; { echo one two three; exec sleep 1000; } | { echo $BASHPID >reader.pid; sleep 1000; exit; }; exit' \
        >/dev/null 2>&1 &
    top=$!
    until_true test -s reader.pid
    second=$(cat reader.pid)
    until_true pgrep -P "$second" -x sleep >sleep.pid
    until_true pgrep -P $top -x sleep >>sleep.pid
    standpipe checkpoint --tree $top --output tree.ckpt
    is "checkpoint of a tree" $? 0
    is "restore of one of a tree" "$(standpipe restore tree.ckpt --run "$second=cat; echo ended")" "one two three
ended"
    end $(sort -u sleep.pid)
    end $top
}

# A process of a cgroup of its own, which is frozen and thawed.
cgroup() {
    [ "$(id -u)" = 0 ] || { skip "checkpoint, frozen by cgroup v$1" "only root makes cgroups here"; return; }
    local group=$2/standpipe-test control=$3 thawed=$4
    mkdir "$group"
    full_pipe
    echo $reader >"$group/cgroup.procs"
    standpipe checkpoint --pid $reader --fd 0 --freeze cgroup --output cgroup$1.ckpt
    is "checkpoint, frozen by cgroup v$1" $? 0
    is "cgroup v$1 is thawed" "$(cat "$group/$control")" "$thawed"
    is "restore after cgroup v$1" "$(standpipe restore cgroup$1.ckpt -- wc -c)" 65536
    end $reader $writer
    until_true rmdir "$group"
}

swap() {
    echo "GET /" >log
    tail -n +1 -f log | grep --line-buffered GET | cat >out.txt &
    last=$!
    until_true grep -q "GET /" out.txt
    middle=$(pgrep -P $$ -x grep)
    standpipe swap --pid "$middle" --detach -- grep --line-buffered -E 'GET|POST' >new.pid
    is "swap" $? 0
    echo "POST /" >>log
    until_true grep -q POST out.txt && is "what goes through the new process" "$(cat out.txt)" "GET /
POST /"
    end "$(cat new.pid)"
    end $(pgrep -P $$ -x tail)
    end $last
}

hold() {
    full_pipe
    holder=$(standpipe hold --pid $reader --fd 0 --for 5m)
    is "hold" $? 0
    end $reader
    is "what a held pipe has" "$(standpipe peek --pid "$holder" --fd 0 --bytes | wc -c)" 65536
    is "the writer lives" "$(kill -0 $writer && echo yes)" yes
    kill "$holder"
    ends $writer
    wait $writer 2>/dev/null
}

in_place() {
    $java -cp "$jar:$classes" InPlace >inplace.txt 2>message
    is "in place, in a JVM" "$(cat inplace.txt)" "as it was"
}

attach() {
    $java -cp "$jar:$classes" Holder >holder.txt 2>&1 &
    jvm=$!
    until_true grep -q '^[0-9]' holder.txt
    numbers=$(cat holder.txt)
    standpipe attach $jvm checkpoint --fd "$numbers" --output "$here/attach.ckpt"
    is "attach, checkpoint" $? 0
    standpipe attach $jvm restore --input "$here/attach.ckpt"
    is "attach, restore" $? 0
    is "what was attached to lives" "$(kill -0 $jvm && echo yes)" yes
    end $jvm
}

echo "$(id -un) on Linux $(uname -r), $(uname -m), $(java -version 2>&1 | head -n 1)"
for part in check main_job stream fifo packets tree swap hold in_place attach; do
    echo "-- $part, after $(cut -d . -f 1 /proc/uptime) s"
    $part
done
if [ -e /sys/fs/cgroup/cgroup.procs ]; then
    cgroup 2 /sys/fs/cgroup cgroup.freeze 0
else
    skip "checkpoint, frozen by cgroup v2" "no hierarchy of it is mounted at /sys/fs/cgroup"
fi
if [ -e /run/freezer/cgroup.procs ]; then
    cgroup 1 /run/freezer freezer.state THAWED
else
    skip "checkpoint, frozen by cgroup v1" "no hierarchy of its freezer is mounted at /run/freezer"
fi
echo "ran $tests tests"
exit $failed
