#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes what the distributions are made of, below target/dist, and their tarballs: called by the profile dist.
#
#     build.sh TARGET VERSION TIMESTAMP GROUP:NAME:VERSION:LICENSE...       each library in the jars that does not name itself
#
# The runtime is linked from the newest JDK at hand. Its archive of classes is valid only for files of the same size and time, so
# that every file gets the time of the build's timestamp before the archive is made, and keeps it in every package.
set -eu
umask 022
export LC_ALL=C

target=$1
version=$2
timestamp=$3
shift 3
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
machine=$(uname -m)
platform=linux-$machine
dist=$target/dist
stage=$dist/standpipe-$version-$platform
small=$dist/standpipe-$version
deb=$dist/deb

say() {
    echo "dist: $*"
}

# Prints the version of the JDK in this directory if a runtime can be linked from it: from modules, or since 24 from itself.
linkable() {
    [ -x "$1/bin/jlink" ] && [ -r "$1/release" ] || return 0
    found=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$1/release")
    if [ -d "$1/jmods" ] || [ "${found%%[!0-9]*}" -ge 24 ]; then
        echo "$found $(cd "$1" && pwd -P)"
    fi
}

newest_jdk() {
    for candidate in ${JAVA_HOME:+"$JAVA_HOME"} "$(readlink -f "$(command -v java)" | sed 's|/bin/java$||')" /usr/lib/jvm/* /opt/*; do
        linkable "$candidate"
    done | sort -V | tail -n 1 | cut -d ' ' -f 2-
}

# java.xml is for the AWS SDK, jdk.crypto.ec for its connections by TLS.
link_runtime() {
    "$jdk/bin/jlink" --add-modules java.base,java.xml,jdk.crypto.ec --output "$stage/lib/runtime" \
        --strip-java-debug-attributes --no-header-files --no-man-pages --vm=server --dedup-legal-notices=error-if-not-same-content \
        "--exclude-files=**/bin/keytool,**/lib/classlist,**/lib/jrt-fs.jar,**/lib/jexec,**/lib/server/classes*.jsa"
    # Names of functions that are only for debuggers.
    find "$stage/lib/runtime" -type f \( -name '*.so' -o -name java -o -name jspawnhelper \) -exec strip --strip-unneeded {} +
}

# Prints GROUP:NAME:VERSION:LICENSE of each library in standpipe-s3.jar that has its pom.properties there.
of_s3() {
    rm -rf "$dist/s3"
    mkdir "$dist/s3"
    jar=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
    (cd "$dist/s3" && "$jdk/bin/jar" xf "$jar" META-INF/maven)
    find "$dist/s3" -name pom.properties | sort | while read -r properties; do
        sed -n -e 's/\r$//' -e 's/^groupId=//p' "$properties" | tr '\n' :
        sed -n -e 's/\r$//' -e 's/^artifactId=//p' "$properties" | tr '\n' :
        sed -n -e 's/\r$//' -e 's/^version=//p' "$properties" | tr '\n' :
        case $properties in
            */org.slf4j/*) echo MIT ;;
            *) echo Apache-2.0 ;;
        esac
    done
}

# What both tarballs have: bin, the jars in lib, and share.
fill() {
    mkdir -p "$1/bin" "$1/lib" "$1/share/doc/standpipe/licenses"
    cp "$here/standpipe" "$1/bin/standpipe"
    cp "$target/standpipe.jar" "$target/standpipe-s3.jar" "$1/lib"
    cp "$project/LICENSE" "$project/NOTICE" "$project/README.md" "$project/CHANGELOG.md" "$project/docs/INSTALL.md" \
        "$1/share/doc/standpipe"
    cp -R "$1/share/doc/standpipe/LICENSE" "$1/share/doc/standpipe/licenses/Apache-2.0.txt"
}

# Manual pages and completions, printed by the command itself.
describe() {
    mkdir -p "$1/share/man/man1" "$1/share/bash-completion/completions" "$1/share/zsh/site-functions" \
        "$1/share/fish/vendor_completions.d"
    "$stage/bin/standpipe" man --output "$1/share/man/man1" >/dev/null
    "$stage/bin/standpipe" completion bash >"$1/share/bash-completion/completions/standpipe"
    "$stage/bin/standpipe" completion zsh >"$1/share/zsh/site-functions/_standpipe"
    "$stage/bin/standpipe" completion fish >"$1/share/fish/vendor_completions.d/standpipe.fish"
}

# Everything gets its final mode and time.
settle() {
    chmod -R u=rwX,go=rX "$1"
    find "$1" -name '*.so' -exec chmod 644 {} +
    find "$1" -exec touch -h -d "$timestamp" {} +
}

pack() {
    tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner -C "$dist" -cf - "$(basename "$1")" | gzip -9n >"$2"
    say "$2: $(du -h "$2" | cut -f 1)"
}

rm -rf "$dist"
mkdir -p "$dist"
jdk=$(newest_jdk)
[ -n "$jdk" ] || { echo "dist: no JDK with jlink and its modules: install one, such as openjdk-21-jdk-headless, or set JAVA_HOME" >&2; exit 1; }
say "the runtime is linked from $jdk"
link_runtime
fill "$stage"
fill "$small"
cp "$target/classes/io/standpipe/internal/jni/$platform/libstandpipe.so" "$stage/lib/libstandpipe.so"
settle "$stage"
say "the archives of classes are made"
"$here/archive.sh" "$stage" "$dist/training"
describe "$stage"
cp -R "$stage/share/." "$small/share"
# shellcheck disable=SC2046 # words without blanks
set -- "$@" $(of_s3 "$target/standpipe-s3.jar")
"$here/sbom.sh" "$stage" "$version" "$timestamp" "$@" >"$stage/share/doc/standpipe/sbom.cdx.json"
"$here/sbom.sh" "$small" "$version" "$timestamp" "$@" >"$small/share/doc/standpipe/sbom.cdx.json"
settle "$stage"
settle "$small"
pack "$stage" "$target/standpipe-$version-$platform.tar.gz"
pack "$small" "$target/standpipe-$version.tar.gz"
"$here/deb.sh" "$stage" "$deb" "$version" "$timestamp"
settle "$deb"
tar --sort=name --format=ustar --owner=root:0 --group=root:0 -C "$deb/tree" -cf "$deb/tree.tar" .
