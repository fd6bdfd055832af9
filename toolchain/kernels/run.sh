#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Boots kernels of Debian under qemu, runs Standpipe's tests in each, and prints a table. Kernels, programs and the Java runtime in the
# machines come from Debian's archive; nothing is installed but by --setup.
#
#     run.sh                        all tests on all kernels of kernels.tsv: hours, since all is emulated
#     run.sh --only c 5.10 6.12     the tests in C alone, on two of them: a minute or two each
#     run.sh --only commands,calls trixie/linux-image-6.18.15+deb13-cloud-amd64
#                                   a kernel that is not on the list: RELEASE/PACKAGE, or RELEASE/PACKAGE:arm64
#     run.sh ./linux-binary.deb,./linux-modules.deb
#                                   or the files of its packages
#
#     --only TESTS    some of: c, commands, and the groups of JUnit tests in groups.tsv. Default: all but the group cli
#     --users USERS   root, user or both: root,user. Default: both
#     --work DIR      where packages, images and results are kept. Default: target/kernels
#                     It takes 300 MB for each kernel, and 700 MB for each release and architecture of programs.
#     --jobs N        how many machines, of 3 GB of memory each, run at once. Default: 1, or 2 for the tests in C alone
#     --accel KVM     what qemu is to use in place of its emulation, where the machine has it: kvm
#     --append WORDS  more of the kernel's command line
#     --write FILE    puts the table into FILE, between the lines <!-- kernels --> and <!-- /kernels -->
#     --built         does not build the project, which the caller has done
#     --setup         first installs what is missing, by toolchain/setup.sh --kernels --yes
#     --report        boots nothing: prints the table of all results that are there
#     --list          prints the kernels that there are, and ends
#
# Exit status: 0 if all passed and only what skips.tsv allows was skipped.
set -u

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
work=$project/target/kernels
only=c,commands,calls,pipes,scenarios,agent
users=root,user
jobs=
accelerator=tcg,thread=multi
kernel_arguments=
write=
one=
built=
report=
native=$(dpkg --print-architecture 2>/dev/null || uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')

die() {
    echo "run.sh: $*" >&2
    exit 1
}

. "$here/packages.sh"
. "$here/images.sh"
. "$here/machine.sh"

# has WORD LIST: whether it is in the list, which commas separate.
has() {
    case ,$2, in
        *,"$1",*) return 0 ;;
        *) return 1 ;;
    esac
}

of_list() {
    awk -F '\t' -v name="$1" -v column="$2" '$0 !~ /^#/ && $1 == name { print $column }' "$here/kernels.tsv"
}

# unpack_kernel NAME: sets $directory, where it then lies with its modules, $arch and $root, the release of its programs.
unpack_kernel() {
    case $1 in
        *.deb)
            files=$(echo "$1" | tr , ' ')
            arch=$(dpkg-deb -f "${1%%,*}" Architecture) || die "${1%%,*} is no package"
            root=trixie
            directory=$work/kernel/$(basename "${1%%,*}" .deb)
            ;;
        */*)
            arch=${1##*:}
            [ "$arch" != "$1" ] || arch=amd64
            release=${1%%/*}
            package=${1#*/}
            package=${package%:*}
            root=trixie
            ;;
        *)
            arch=$(of_list "$1" 2)
            [ -n "$arch" ] || die "there is no kernel $1 in $here/kernels.tsv: one of $(names | tr '\n' ' '), RELEASE/PACKAGE or a .deb"
            release=$(of_list "$1" 3)
            update "$release" "$arch"
            package=$(newest "$release" "$arch" "$(of_list "$1" 4)")
            [ -n "$package" ] || die "Debian's $release has no package for $1: $(of_list "$1" 4)"
            root=$(of_list "$1" 5)
            ;;
    esac
    directory=${directory:-$work/kernel/$package}
    [ ! -e "$directory/complete" ] || return 0
    mkdir -p "$directory"
    if [ -z "${files:-}" ]; then
        update "$release" "$arch"
        packages=$(kernel_packages "$release" "$arch" "$package")
        [ -n "$packages" ] || die "Debian's $release has no package $package for $arch"
        # shellcheck disable=SC2086 # package names
        files=$(download "$release" "$arch" $packages) || exit 1
    fi
    # shellcheck disable=SC2086 # file names without blanks
    unpack "$directory/unpacked" $files
    kernel_image "$directory" "$arch" "$directory/unpacked"
    rm -rf "$directory/unpacked"
    touch "$directory/complete"
}

names() {
    awk -F '\t' '$0 !~ /^#/ { print $1 }' "$here/kernels.tsv"
}

# tasks: what is run from the root's disk, as NAME:USER,...
tasks() {
    for task in $(echo "$only" | tr , ' '); do
        for user in $(echo "$users" | tr , ' '); do
            [ "$task" = c ] || printf '%s:%s,' "$task" "$user"
        done
    done
}

# run_one NAME: boots one kernel, for the tests in C and for the others. Results of other tests of an earlier run stay.
run_one() {
    unpack_kernel "$1"
    results=$(results_of "$1")
    mkdir -p "$results"
    rm -f "$results/failure" "$results/kernel"
    columns >"$results/asked"
    for column in $(columns); do
        rm -f "$results/$column".*
    done
    echo "$arch" >"$results/arch"
    initramfs=$results/initramfs.gz
    cat "$directory/modules.gz" "$work/start-$arch.gz" >"$initramfs"
    if has c "$only"; then
        boot "$arch" "$directory" "$initramfs" "$results/c" 900 768M
        collect "$results/c"
        [ ! -e "$results/kernel" ] || check_c "$results" "$(cat "$results/kernel")" "$arch"
    fi
    if [ -n "$(tasks)" ]; then
        kernel_arguments="$kernel_arguments tasks=$(tasks)"
        boot "$arch" "$directory" "$initramfs" "$results/root" 14400 3G "root=$work/root-$root-$arch.img" "task=$work/task.tar"
        collect "$results/root"
    fi
    rm -f "$initramfs"
    echo "$1: $(cat "$results/kernel" 2>/dev/null) on $arch: $(cat "$results/failure" 2>/dev/null | tr '\n' ' ')done"
}

# collect LEFT: what a machine left becomes part of the kernel's results.
collect() {
    mv "$1"/*-root.* "$1"/*-user.* "$1/kernel" "$1/.." 2>/dev/null
    [ ! -e "$1/failure" ] || cat "$1/failure" >>"$1/../failure"
}

results_of() {
    echo "$work/results/$(echo "$1" | tr '/:,' '___')"
}

# columns: each test with each user, as TEST-USER.
columns() {
    for task in $(echo "$only" | tr , ' '); do
        for user in $(echo "$users" | tr , ' '); do
            echo "$task-$user"
        done
    done
}

# prepare NAME...: all that several machines share.
prepare() {
    mkdir -p "$work/kernel"
    for name; do
        (unpack_kernel "$name" && echo "$arch $root") || exit 1
    done | sort -u >"$work/machines" || exit 1
    [ -s "$work/machines" ] || exit 1
    while read -r arch root; do
        start_image "$arch"
        if [ -n "$(tasks)" ]; then
            root_image "$root" "$arch"
        fi
    done <"$work/machines"
    if [ -n "$(tasks)" ]; then
        [ "$(id -u)" = 0 ] || die "only root makes the machine's disk, whose files are root's; the tests in C alone, --only c, any user runs"
        build
        task_image "$work/task.tar"
    fi
}

# What the machines run: the project's classes, what its tests need, and JUnit's launcher.
build() {
    rm -rf "$work/lib"
    mkdir -p "$work/lib/classes"
    junit=$(sed -n 's:.*<junit.version>\(.*\)</junit.version>.*:\1:p' "$project/pom.xml")
    [ -n "$built" ] || (cd "$project" && mvn -q -B -ntp -DskipTests package) || die "the project cannot be built"
    (cd "$project" && mvn -q -B -ntp dependency:copy-dependencies -DincludeScope=test -DoutputDirectory="$work/lib" \
        -DexcludeGroupIds=org.junit.jupiter,org.junit.platform \
        && mvn -q -B -ntp dependency:copy -Dartifact="org.junit.platform:junit-platform-console-standalone:$junit" \
            -DoutputDirectory="$work/lib") || die "what the tests need cannot be had"
    javac --release 17 -cp "$project/target/standpipe.jar" -d "$work/lib/classes" "$here"/*.java "$here"/guest/*.java \
        || die "the programs of $here do not compile"
}

# check_c RESULTS KERNEL ARCH: the tests in C, as the machine checks the others.
check_c() {
    for user in $(echo "$users" | tr , ' '); do
        where=guest,$user,$(echo "$3" | sed 's/amd64/x86-64/')
        java "$here/CheckSkips.java" --kernel "$2" --where "$where" "$here/skips.tsv" "$1/c-$user.txt" >"$1/c-$user.checked" 2>&1 \
            && touch "$1/c-$user.passed"
    done
}

# cell RESULTS COLUMN: what came of a test, for the table; what is wrong with it goes to $problems.
cell() {
    line=$(tail -n 1 "$1/$2.checked" 2>/dev/null)
    if [ -e "$1/$2.passed" ]; then
        echo "$line" | sed 's/ passed, 0 skipped.*//; s/ passed, \([0-9]*\) skipped.*/, \1 skipped/'
    elif [ -e "$1/$2.checked" ]; then
        sed "s|^|$1, $2: |" "$1/$2.checked" >>"$problems"
        echo "**$line**"
    elif [ -n "$report" ] && ! grep -qx "$2" "$1/asked" 2>/dev/null; then
        echo '-'
    else
        echo "$1, $2: no result; $(cat "$1/failure" 2>/dev/null)" >>"$problems"
        echo '**no result**'
    fi
}

# table NAME...: of the results, in Markdown.
table() {
    echo "| kernel | arch | JDK |$(for column in $(columns); do printf ' %s |' "$(echo "$column" | sed 's/-/, /')"; done)"
    echo "|---|---|---|$(for column in $(columns); do printf -- '---|'; done)"
    for name; do
        results=$(results_of "$name")
        [ -d "$results" ] || [ -z "$report" ] || continue
        cells=
        for column in $(columns); do
            cells="$cells $(cell "$results" "$column") |"
        done
        jdk=$(sed -n 's/.*openjdk version "\([0-9.]*\).*/\1/p' "$results/commands-root.txt" 2>/dev/null)
        echo "| $(cat "$results/kernel" 2>/dev/null || echo "$name") | $(cat "$results/arch" 2>/dev/null) | ${jdk:--} |$cells"
    done
}

# write_table FILE: replaces what is between the two marks by the table, with the date.
write_table() {
    grep -qx '<!-- kernels -->' "$1" && grep -qx '<!-- /kernels -->' "$1" || die "$1 has no lines <!-- kernels --> and <!-- /kernels -->"
    awk -v table="$work/table.md" -v date="$(date +%F)" '
        /^<!-- \/kernels -->$/ { inside = 0 }
        !inside { print }
        /^<!-- kernels -->$/ { inside = 1; print "Run of " date ":\n"; while ((getline line < table) > 0) print line }' "$1" \
        >"$work/page.md" && cat "$work/page.md" >"$1"
}

# check_words LIST KIND ALLOWED...: each word of the list must be one of those.
check_words() {
    list=$1
    kind=$2
    shift 2
    for word in $(echo "$list" | tr , ' '); do
        has "$word" "$(echo "$*" | tr ' ' ,)" || die "--$kind: there is no $word, but: $*"
    done
    [ -n "$list" ] || die "--$kind needs a value"
}

setup=
while [ $# -gt 0 ]; do
    case $1 in
        --only | --users | --work | --jobs | --accel | --append | --write) [ $# -gt 1 ] || die "$1 needs a value" ;;
    esac
    case $1 in
        -h | --help) sed -n '3,/^set/s/^# \{0,1\}//p' "$0"; exit ;;
        --only) only=$2; shift ;;
        --users) users=$2; shift ;;
        --work) work=$2; shift ;;
        --jobs) jobs=$2; shift ;;
        --accel) accelerator=$2; shift ;;
        --append) kernel_arguments=$2; shift ;;
        --write) write=$2; shift ;;
        --built) built=yes ;;
        --setup) setup=yes ;;
        --report) report=yes ;;
        --one) one=yes ;;
        --list) cat "$here/kernels.tsv"; exit ;;
        -*) die "$1 is no option: see the head of $0" ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || eval "set -- $(names | tr '\n' ' ')"
# shellcheck disable=SC2046 # names
check_words "$only" only c commands $(awk -F '\t' '$0 !~ /^#/ { print $1 }' "$here/groups.tsv")
check_words "$users" users root user
case $work in
    *[!A-Za-z0-9_./+-]*) die "$work has other characters than letters, digits and _./+-: name another place with --work" ;;
esac
mkdir -p "$work" || exit 1
work=$(cd "$work" && pwd)
if [ -n "$one" ]; then
    run_one "$1"
    exit
fi

if [ -n "$setup" ]; then
    "$project/toolchain/setup.sh" --kernels --yes || exit 1
fi
for tool in apt-get dpkg-deb qemu-system-x86_64 qemu-system-aarch64 aarch64-linux-gnu-gcc gcc javac mvn mke2fs xz zstd; do
    command -v $tool >/dev/null || die "$tool is not installed: run $0 --setup ..., or toolchain/setup.sh --kernels"
done
[ -e "$keyring" ] || die "$keyring is not there: run $0 --setup ..., or toolchain/setup.sh --kernels"
if [ -z "$report" ]; then
    exec 9>"$work/lock"
    flock -n 9 || die "another run works in $work: name another place with --work"
    touch "$work/begun"
    prepare "$@"
    if [ -z "$jobs" ]; then
        jobs=1
        [ "$only" != c ] || jobs=2
    fi
    # In a group of their own, so that what ends this script ends the machines, too, and nobody else.
    printf '%s\n' "$@" | setsid xargs -P "$jobs" -n 1 "$0" --one --work "$work" --only "$only" --users "$users" --accel "$accelerator" \
        --append "$kernel_arguments" &
    machines=$!
    trap 'kill -TERM -$machines; die "interrupted"' INT TERM HUP
    wait "$machines"
    trap - INT TERM HUP
fi
problems=$work/problems
: >"$problems"
table "$@" >"$work/table.md"
cat "$work/table.md"
[ -z "$write" ] || write_table "$write"
if [ -s "$problems" ]; then
    cat "$problems"
    exit 1
fi
