#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the archives of classes, lib/classes/*.jsa: the classes that real commands load, as the JVM has them in memory.
#
#     archive.sh DISTRIBUTION WORK_DIRECTORY
#
# Each command runs in a JVM of its own, which lists the classes that it loads. An archive is made of one or several lists. The JVM
# takes in all classes of its archive when it starts, so that the commands that are most used have one of their own.
set -eu

home=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
java=$home/lib/runtime/bin/java
number=0

# Runs the command and keeps its list of classes. A command that fails, such as for want of a permission, has loaded most of its own.
train() {
    number=$((number + 1))
    STANDPIPE_JAVA_OPTS="-XX:DumpLoadedClassList=$work/$1.$number.classes" "$home/bin/standpipe" "$@" \
        >"$work/$number.out" 2>"$work/$number.err" </dev/null || echo "status $?" >>"$work/$number.err"
}

cd "$work"
sh -c 'echo $$ >writer && exec seq 1 100000' | sleep 600 &
reader=$!
until [ -s writer ]; do :; done
writer=$(cat writer)
holder=
trap 'kill $reader $holder 2>/dev/null || true' EXIT

# restore becomes another program, and the list would end with it, unfinished: of this one the kernel says that it cannot be run.
printf '#!/\n' >refused
chmod +x refused

train --help
train --version
train checkpoint --help
train check
train checkpoint --pid $reader --fd 0 --output one.ckpt
train checkpoint --pid $reader,$writer --output two.ckpt
train checkpoint --pid $reader --fd 0 --output -
train show one.ckpt
train show --json two.ckpt
train extract one.ckpt
train list --pid $reader
train list --json --pid $reader
train list --follow $writer
train list --blocked
train peek --pid $reader --fd 0
train peek --pid $reader --fd 0 --hex
train drain --yes --pid $reader --fd 0 --output drained
train restore one.ckpt -- ./refused
train restore two.ckpt --run "$reader=true"
train swap --pid $reader -- ./refused
holder=$(sed -n 's/.* held by process \([0-9]*\) .*/\1/p' "$number.err")

linking=
"$java" -XX:+AOTClassLinking -version >/dev/null 2>&1 && linking=-XX:+AOTClassLinking

# archive NAME LIST...
archive() {
    name=$1
    shift
    # The numbers of classes are of one list alone, and only classes of unusual loaders need them. A JVM that ends leaves half a line.
    sed -e '/^#/d' -e '/ source: /d' -e 's/ id: [0-9]*$//' "$@" | awk '!(/^@/ && NF < 3) && !seen[$0]++' >"$name.list"
    "$java" -Xshare:dump $linking -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedClassListFile="$name.list" \
        -XX:SharedArchiveFile="$home/lib/classes/$name.jsa" --enable-native-access=ALL-UNNAMED -cp "$home/lib/standpipe.jar" >dump.out 2>&1 || { cat dump.out >&2; exit 1; }
}

mkdir -p "$home/lib/classes"
for verb in show check list checkpoint restore; do
    archive $verb ./$verb.*.classes
done
archive all ./*.classes
