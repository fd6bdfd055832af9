#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the bill of materials of an unpacked distribution, in the format CycloneDX 1.6: what is inside, and no more.
#
#     sbom.sh DISTRIBUTION VERSION TIMESTAMP GROUP:NAME:VERSION:LICENSE...      each library in the jars
set -eu

home=$1
version=$2
timestamp=$3
shift 3
release=$home/lib/runtime/release

hashes() {
    printf '"hashes": [{"alg": "SHA-256", "content": "%s"}]' "$(sha256sum "$1" | cut -d ' ' -f 1)"
}

library() {
    echo "$1" | sed 's|^\([^:]*\):\([^:]*\):\([^:]*\):\(.*\)$|,\
    {"type": "library", "bom-ref": "pkg:maven/\1/\2@\3", "group": "\1", "name": "\2", "version": "\3",\
     "licenses": [{"license": {"id": "\4"}}], "purl": "pkg:maven/\1/\2@\3?type=jar"}|'
}

# The value of a line of the runtime's release file.
of_runtime() {
    sed -n "s/^$1=\"\(.*\)\"/\1/p" "$release"
}

runtime() {
    cat <<END
,
    {"type": "platform", "bom-ref": "runtime", "publisher": "$(of_runtime IMPLEMENTOR)", "name": "OpenJDK", "version": "$(of_runtime JAVA_RUNTIME_VERSION)",
     "description": "linked by jlink from the modules $(of_runtime MODULES)",
     "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}], $(hashes "$home/lib/runtime/lib/modules")}
END
}

cat <<END
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.6",
  "version": 1,
  "metadata": {
    "timestamp": "$timestamp",
    "component": {"type": "application", "bom-ref": "standpipe", "group": "io.standpipe", "name": "standpipe", "version": "$version",
      "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": "pkg:maven/io.standpipe/standpipe@$version?type=jar"}
  },
  "components": [
    {"type": "file", "bom-ref": "lib/standpipe.jar", "name": "lib/standpipe.jar", "licenses": [{"license": {"id": "Apache-2.0"}}, {"license": {"id": "BSD-3-Clause"}}], $(hashes "$home/lib/standpipe.jar")},
    {"type": "file", "bom-ref": "lib/standpipe-s3.jar", "name": "lib/standpipe-s3.jar", "licenses": [{"license": {"id": "Apache-2.0"}}, {"license": {"id": "MIT"}}], $(hashes "$home/lib/standpipe-s3.jar")}$(
    [ ! -e "$home/lib/libstandpipe.so" ] || printf ',\n    {"type": "file", "bom-ref": "lib/libstandpipe.so", "name": "lib/libstandpipe.so", "licenses": [{"license": {"id": "Apache-2.0"}}], %s}' "$(hashes "$home/lib/libstandpipe.so")"
    for each in "$@"; do library "$each"; done
    [ ! -e "$release" ] || runtime)
  ]
}
END
