#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the JUnit tests on emulated arm64: Debian's arm64 JRE and musl, unpacked below target/ and not installed, under qemu-user.
# Needs apt-get, the arm64 cross compiler and qemu (toolchain/setup.sh --all), and the network for the JRE and musl.
#
#     toolchain/test-arm64.sh                        the calls, the image format, round trips
#     toolchain/test-arm64.sh -Dtest='Pipe*'         others, or other options of Maven
set -eu

tests='io/standpipe/pipe/**,io/standpipe/internal/**,RoundTripTest,CheckpointOfProcessTest'
tests="$tests,CheckpointOfSeveralProcessesTest,RestoreStartTest,ManyPipesTest,ImageFileTest,SnapshotTest,StreamTest,RestoredPipesTest,PipesInPlaceTest,LibraryFileTest"
# What the emulator (7.2) lacks: openat2; the kernel's order of checks in a write; the last two real-time signals; its own system
# calls' numbers in /proc.
tests="$tests,!OpenBeneathTest,!OpenInRootTest,!ReadLinkTest,!LastSlotTest,!FdSignalTest#signalThatWasSetIsReturned"
tests="$tests,!ExecTest#commandBlocksRealTimeSignalsOfItsMask,!PipesInPlaceTest#blocked*ReaderGoesOnAtNewPipe"

cd "$(dirname "$0")/.."
root=$PWD/target/arm64
state=$root/apt
home=$root/usr/lib/jvm/java-17-openjdk-arm64
emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64) \
    || { echo "skipped: qemu-aarch64-static is not installed"; exit 0; }
command -v aarch64-linux-gnu-g++ >/dev/null || { echo "skipped: aarch64-linux-gnu-g++ is not installed"; exit 0; }
command -v apt-get >/dev/null || { echo "skipped: there is no apt-get to fetch an arm64 JRE with"; exit 0; }

# apt with its own lists and state: nothing is installed in it, and everything is arm64.
apt_arm64() {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o Dir::State="$state" \
        -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" -o APT::Sandbox::User= "$@"
}

unpack() {
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/status"
    apt_arm64 update
    apt_arm64 install -y --no-install-recommends --download-only openjdk-17-jre-headless coreutils musl musl-dev
    for package in "$state"/cache/archives/*.deb; do
        dpkg-deb -x "$package" "$root"
    done
    [ -e "$root/lib" ] || ln -s usr/lib "$root/lib" # where the loaders are looked for
}

# Replaces a program by a script that runs it in the emulator, for kernels that do not do so by themselves (binfmt_misc).
wrap() {
    [ -e "$1.arm64" ] || mv "$1" "$1.arm64"
    printf '#!/bin/sh\nexec %s -L %s %s.arm64 "$@"\n' "$emulator" "$root" "$1" >"$1"
    chmod +x "$1"
}

[ -e "$root/usr/lib/aarch64-linux-musl/libc.a" ] || unpack
wrap "$home/bin/java"
wrap "$home/lib/jspawnhelper"
"$home/bin/java" -version
mvn -B -ntp -Dnative.access.flag= -Djvm="$home/bin/java" "${@:--Dtest=$tests}" test
