#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The part of test.sh that runs inside the clean root.
set -eu

version=$1
cd /

fail() {
    echo "dist: FAILED: $*" >&2
    exit 1
}

# shown EXPECTED COMMAND...: the command ends with 0, and prints a text with this part.
shown() {
    expected=$1
    shift
    "$@" >/tmp/out 2>/tmp/err || fail "status $? of $*: $(cat /tmp/out /tmp/err)"
    grep -qF -- "$expected" /tmp/out || fail "$* printed no '$expected': $(cat /tmp/out)"
}

# printed EXPECTED COMMAND...: the same, and says nothing on standard error.
printed() {
    shown "$@"
    [ ! -s /tmp/err ] || fail "$* said: $(cat /tmp/err)"
}

# ends STATUS TEXT COMMAND...: the command ends with this status and says a text with this part.
ends() {
    expected=$1
    text=$2
    shift 2
    status=0
    "$@" >/tmp/out 2>/tmp/err || status=$?
    [ "$status" = "$expected" ] || fail "status $status of $*, expected $expected: $(cat /tmp/out /tmp/err)"
    [ -z "$text" ] || grep -qF -- "$text" /tmp/err || fail "$* said no '$text': $(cat /tmp/err)"
}

# What is in the root, but for what dpkg keeps about packages that were there once, and this test.
files() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /packages -o -path /tmp/out -o -path /tmp/err \) -prune -o \
        -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -not -path '/var/cache/*' -print | sort
}

# Starts a pipeline as this user, whose pipe fills up: sets reader.
pipeline() {
    rm -f /tmp/reader
    ($as sh -c 'seq 1 100000 | sh -c "echo \$\$ >/tmp/reader; exec sleep 1000"' 2>/dev/null &) # shells name what ends by a signal
    while [ ! -s /tmp/reader ]; do sleep 0.05; done
    reader=$(cat /tmp/reader)
    until standpipe list --pid "$reader" | grep -q '65,536 of 65,536'; do sleep 0.05; done
}

# commands PREFIX COMMAND: the main commands, run as PREFIX runs them, by this name or path.
commands() {
    as=$1
    command=$2
    work=$($as mktemp -d)
    pipeline
    printed "standpipe $version" $as "$command" --version
    printed "Usage" $as "$command" --help
    $as "$command" check >/tmp/out 2>/tmp/err || [ $? = 4 ] || fail "check: $(cat /tmp/out /tmp/err)"
    [ ! -s /tmp/err ] || fail "check said: $(cat /tmp/err)"
    shown "65,536 of 65,536 bytes" $as "$command" list --pid "$reader"
    shown '"pipes"' $as "$command" list --pid "$reader" --json
    printed "1.2.3.4.5" $as "$command" peek --pid "$reader" --fd 0 --hex
    ends 0 "saved 1 pipe" $as "$command" checkpoint --pid "$reader" --fd 0 --output "$work/image"
    printed "process $reader (sleep 1000)" $as "$command" show "$work/image"
    printed '"records"' $as "$command" show "$work/image" --json
    printed "5,000 of 16,384 bytes" $as "$command" show /packages/criu-dump
    ends 0 "imported 4 pipes" $as "$command" criu import /packages/criu-dump --output "$work/imported"
    printed "12772" $as "$command" extract "$work/image"
    printed 65536 $as "$command" restore "$work/image" -- wc -c
    ends 7 "" $as "$command" restore "$work/image" -- sh -c 'exit 7'
    ends 127 "no-such-command" $as "$command" restore "$work/image" -- no-such-command
    ends 125 "nowhere" $as "$command" restore "$work/nowhere" -- true
    ends 2 "" $as "$command" checkpoint --no-such-option
    ends 0 "took 65,536 bytes" $as "$command" drain --yes --pid "$reader" --fd 0 --output "$work/drained"
    $as "$command" swap --pid "$reader" -- true >/tmp/out 2>/tmp/err || fail "swap: $(cat /tmp/err)"
    ! kill -0 "$reader" 2>/dev/null || fail "process $reader is there after a swap"
    rm -r "$work" /tmp/reader
}

useradd -m user
useradd -m other
echo 'user ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/user
! command -v java mvn >/dev/null || fail "this root is not clean"
files >/packages/before

echo "dist: the package: as root, as another user, by sudo"
dpkg -i /packages/standpipe_*.deb >/dev/null
[ "$(dpkg-query -W -f '${Version}' standpipe)" = "$(echo "$version" | tr - '~')" ] || fail "the package has another version"
dpkg --verify standpipe
STANDPIPE_JAVA_OPTS=-Xshare:on printed "standpipe $version" standpipe --version # fails if the archive of classes is not for these files
commands "" standpipe
commands "runuser -u user --" standpipe
commands "runuser -u user -- sudo" standpipe
commands "sudo -u other" standpipe
cd /usr/share/man
commands "" ../../bin/standpipe
cd /
ln -s /usr/bin/standpipe /usr/local/bin/renamed
printed "standpipe $version" renamed --version
rm /usr/local/bin/renamed
for shell in dash bash; do
    printed "standpipe $version" $shell /usr/bin/standpipe --version
done
man -w standpipe standpipe-checkpoint >/dev/null || fail "there are no manual pages"
bash -nc '. /usr/share/bash-completion/completions/standpipe' || fail "the completion for bash is no script"
for file in share/zsh/vendor-completions/_standpipe share/fish/vendor_completions.d/standpipe.fish share/doc/standpipe/copyright \
    share/doc/standpipe/sbom.cdx.json share/doc/standpipe/NOTICE lib/standpipe/lib/runtime/legal/java.base/LICENSE; do
    [ -s "/usr/$file" ] || fail "there is no /usr/$file"
done

echo "dist: the package: upgrade, and removal"
dpkg-deb -R /packages/standpipe_*.deb /packages/newer
sed -i "s/^Version: .*/Version: $(echo "$version" | sed 's/-.*//')/" /packages/newer/DEBIAN/control
dpkg-deb -Znone --root-owner-group -b /packages/newer /packages/newer.deb >/dev/null
standpipe hold --pid $$ --for 1s >/dev/null 2>&1 || true
dpkg -i /packages/newer.deb >/packages/upgrade 2>&1 || fail "upgrade: $(cat /packages/upgrade)"
! grep -qi 'downgrad\|warning' /packages/upgrade || fail "upgrade: $(cat /packages/upgrade)"
printed "standpipe $version" standpipe --version
dpkg -r standpipe >/packages/removal 2>&1 || fail "removal: $(cat /packages/removal)"
! grep -qi 'warning' /packages/removal || fail "removal: $(cat /packages/removal)"
dpkg -P standpipe >/dev/null 2>&1 || true
files >/packages/after
diff /packages/before /packages/after >/packages/left || fail "the package leaves: $(cat /packages/left)"

echo "dist: the tarball with a runtime, in a directory with an odd name, of root and of another user"
odd="/opt/it's \"odd\" \$HOME *;%20#"
mkdir "$odd"
tar -xzf /packages/standpipe-"$version"-linux-*.tar.gz -C "$odd"
mv "$odd"/standpipe-* "$odd/standpipe"
ln -s "$odd/standpipe/bin/standpipe" /usr/local/bin/standpipe
hash -r
STANDPIPE_JAVA_OPTS=-Xshare:on printed "standpipe $version" standpipe --version
commands "" standpipe
commands "runuser -u user --" standpipe
cp -r "$odd/standpipe" /home/user/copied # other times: the archive of classes may not be for these files, and nobody hears of it
commands "" /home/user/copied/bin/standpipe
rm -r "$odd" /usr/local/bin/standpipe

echo "dist: the tarball without a runtime"
tar -xzf /packages/standpipe-"$version".tar.gz -C /opt
ends 4 "no Java runtime" /opt/standpipe-"$version"/bin/standpipe check
ends 125 "no Java runtime" /opt/standpipe-"$version"/bin/standpipe restore image -- true
export JAVA_HOME=/home/user/copied/lib/runtime
ln -s /opt/standpipe-"$version"/bin/standpipe /usr/local/bin/standpipe
commands "" standpipe
rm -r /opt/standpipe-"$version" /usr/local/bin/standpipe /home/user/copied
files >/packages/after
diff /packages/before /packages/after >/packages/left || fail "the tarballs leave: $(cat /packages/left)"
echo "dist: the packages work in a clean root, and nothing is left of them"
