#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# list.sh DIRECTORY STANDPIPE...
#
# Starts a pipeline whose last process is stopped, and a program with a slow logger behind a FIFO; prints what
# "STANDPIPE list --dot" says of them, and ends them. The picture in docs/PIPELINES.md is made by
#
#   mkdir /tmp/demo && docs/images/list.sh /tmp/demo java -jar "$PWD/target/standpipe.jar" > docs/images/list.dot
#   dot -Tsvg docs/images/list.dot > docs/images/list.svg
set -eu

cd "$1"
shift
trap 'kill -KILL $programs 2>/dev/null || true' EXIT
programs=

requests() { # NUMBER
    i=0
    while [ $i -lt "$1" ]; do
        echo "GET /index.html HTTP/1.1, request $i"
        i=$((i + 1))
    done
}

: > access.log
requests 1000 > app.events
mkfifo app.fifo
cat > logger <<'END'
while read -r line; do
    i=0
    while [ $i -lt 100000 ]; do
        i=$((i + 1))
    done
    echo "$line"
done
END

# No program has a pipe besides those that are to be seen.
exec < /dev/null
tail -n +1 -f access.log 2> /dev/null | grep --line-buffered GET 2> /dev/null | awk '{ print > "count" }' > awk.out 2> /dev/null &
awk=$!
tail -n +1 -f app.events > app.fifo 2> /dev/null &
sh logger < app.fifo > app.log 2> /dev/null &
read -r programs < "/proc/$$/task/$$/children" || [ -n "$programs" ] # it ends without a newline

until [ "$(cat /proc/$awk/comm)" != "$(cat /proc/$$/comm)" ]; do
    sleep 0.1
done
kill -STOP $awk
requests 5000 >> access.log

tries=0
while [ $tries -lt 30 ]; do
    graph=$("$@" list --dot --pid "$(echo "$programs" | tr -s ' ' , | sed 's/,$//')")
    case $graph in
        *STUCK*STUCK*flowing* | *STUCK*flowing*STUCK* | *flowing*STUCK*STUCK*) break ;;
    esac
    tries=$((tries + 1))
done
printf '%s\n' "$graph"
