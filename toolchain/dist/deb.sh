#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the tree and the control file of the Debian package, of an unpacked distribution.
#
#     deb.sh DISTRIBUTION DEB_DIRECTORY VERSION TIMESTAMP
set -eu

stage=$1
deb=$2
# 0.1.0~SNAPSHOT sorts before 0.1.0, and 0.1.0-SNAPSHOT behind it.
version=$(echo "$3" | sed 's/-/~/g')
timestamp=$4
here=$(cd "$(dirname "$0")" && pwd)
maintainer="Standpipe maintainers <standpipe@users.noreply.github.com>"
tree=$deb/tree
doc=$tree/usr/share/doc/standpipe

# The newest version of the C library that a file of ours asks for, by the names of its symbols.
libc_version() {
    find "$stage" -type f \( -name '*.so' -o -path '*/bin/java' -o -name jspawnhelper \) -exec grep -aoh 'GLIBC_2[.0-9]*' {} + \
        | sed 's/GLIBC_//' | sort -uV | tail -n 1
}

# Debian's OpenJDK uses its zlib, others have their own.
other_libraries() {
    if grep -aq 'libz\.so\.1' "$stage"/lib/runtime/lib/*.so; then
        printf ', zlib1g'
    fi
}

architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) uname -m ;;
    esac
}

mkdir -p "$deb/control" "$doc" "$tree/usr/bin" "$tree/usr/lib/standpipe" "$tree/usr/share/zsh/vendor-completions" \
    "$tree/usr/share/lintian/overrides"
cp -a "$stage/bin" "$stage/lib" "$tree/usr/lib/standpipe"
ln -s ../lib/standpipe/bin/standpipe "$tree/usr/bin/standpipe"
cp -R "$stage/share/man" "$stage/share/bash-completion" "$stage/share/fish" "$tree/usr/share"
[ ! -e "$stage/share/zsh/site-functions/_standpipe" ] || cp "$stage/share/zsh/site-functions/_standpipe" "$tree/usr/share/zsh/vendor-completions"
gzip -9n "$tree"/usr/share/man/man1/*
cp "$stage/share/doc/standpipe/README.md" "$stage/share/doc/standpipe/INSTALL.md" "$stage/share/doc/standpipe/NOTICE" \
    "$stage/share/doc/standpipe/sbom.cdx.json" "$doc"
gzip -9nc "$stage/share/doc/standpipe/CHANGELOG.md" >"$doc/CHANGELOG.md.gz"
sed -e "s|@runtime@|$(sed -n 's/^IMPLEMENTOR="\(.*\)"/\1/p' "$stage/lib/runtime/release")|" "$here/copyright" >"$doc/copyright"
printf 'standpipe (%s) unstable; urgency=medium\n\n  * CHANGELOG.md has what is new.\n\n -- %s  %s\n' \
    "$version" "$maintainer" "$(date -u -R -d "$timestamp")" | gzip -9nc >"$doc/changelog.gz"
cp "$here/lintian-overrides" "$tree/usr/share/lintian/overrides/standpipe"

cat >"$deb/control/control" <<END
Package: standpipe
Version: $version
Section: admin
Priority: optional
Architecture: $(architecture)
Depends: libc6 (>= $(libc_version))$(other_libraries)
Maintainer: $maintainer
Homepage: https://github.com/standpipe/standpipe
Description: checkpoint and restore of open pipes
 Saves what is in the pipes and FIFOs of running processes - the bytes in
 flight, the capacity, who shares which end - without consuming a byte, and
 restores it for other processes. Lists pipes and says why a pipeline is stuck,
 shows what is queued, and replaces a process of a running pipeline.
 .
 The package has a Java runtime of its own, and needs none installed.
END
