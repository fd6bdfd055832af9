#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks that the build is reproducible: builds the current commit twice, each time from a clone in a new directory, and compares the
# results byte for byte.
set -eu

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() {
    git clone -q . "$work/$1"
    (cd "$work/$1" && mvn -q -B -ntp -Prelease -Dmaven.test.skip=true package)
    (cd "$work/$1/target" && sha256sum -- *.jar bom.json bom.xml) > "$work/$1.sums"
}

build first
build a-second-time-in-a-directory-with-a-longer-name
if diff "$work/first.sums" "$work/a-second-time-in-a-directory-with-a-longer-name.sums"; then
    cat "$work/first.sums"
    echo "the same twice"
else
    echo "the two builds differ" >&2
    exit 1
fi
