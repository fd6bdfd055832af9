# SPDX-License-Identifier: Apache-2.0
# Packages of any release of Debian and of any architecture, unpacked and not installed: for run.sh and ../criu.sh, which set $work.
# shellcheck shell=sh

mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
security=${DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# debian RELEASE ARCH PROGRAM ARGUMENTS...: apt-get or apt-cache with lists and a state of their own, in which nothing is installed.
debian() {
    lists=$work/apt/$1-$2
    lists_arch=$2
    tool=$3
    shift 3
    "$tool" -o Dir::Etc::sourcelist="$lists/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State="$lists" \
        -o Dir::State::status="$lists/status" -o Dir::Cache="$lists/cache" -o APT::Architecture="$lists_arch" \
        -o APT::Architectures::="$lists_arch" -o APT::Sandbox::User= -o Acquire::Languages=none "$@"
}

# update RELEASE ARCH: reads the lists of a release, its security and backports suites, once for a run.
update() {
    state=$work/apt/$1-$2
    [ ! "$state/updated" -nt "$work/begun" ] || return 0
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    : >"$state/status"
    : >"$state/sources.list"
    for suite in "$mirror $1" "$security $1-security" "$mirror $1-backports"; do
        # A release that is out of support, or not yet out, lacks some of its suites.
        if [ "${suite##* }" = "$1" ] || has_suite "$suite"; then
            echo "deb [signed-by=$keyring] $suite main" >>"$state/sources.list"
        fi
    done
    debian "$1" "$2" apt-get -qq update || die "the lists of Debian's $1 cannot be read from $mirror: see above"
    touch "$state/updated"
}

has_suite() {
    /usr/lib/apt/apt-helper -o APT::Sandbox::User= download-file "${1% *}/dists/${1##* }/InRelease" "$work/apt/probe" >/dev/null 2>&1
}

# newest RELEASE ARCH PATTERN: the name of the newest package that matches.
newest() {
    debian "$1" "$2" apt-cache pkgnames linux-image- | grep -E "^($3)$" | grep -Ev -e '-(dbg|unsigned)$' | sort -V | tail -n 1
}

# kernel_packages RELEASE ARCH PACKAGE: it, and what newer kernels have in packages of their own.
kernel_packages() {
    debian "$1" "$2" apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances "$3" | grep -oE '^[ <]*linux-(image|binary|modules)-[^ <>]*>?$' | tr -d ' <>' | sort -u
}

# download RELEASE ARCH PACKAGE...: prints the files. What the lists have no more may still be in the pool, beside the others.
download() {
    to=$work/apt/$1-$2/cache/archives
    release=$1
    of=$2
    shift 2
    for package; do
        (cd "$to" && debian "$release" "$of" apt-get -qq download "$package" >&2) || from_pool "$package" \
            || die "cannot download $package of Debian's $release ($of)"
        # shellcheck disable=SC2012 # names of packages
        ls -t "$to/${package}"_*.deb | head -n 1
    done
}

# from_pool PACKAGE: a part of a kernel, by the version of a part that was downloaded already. Uses download's variables.
from_pool() {
    for sibling in "$to"/linux-*-"${1#linux-*-}"_*.deb; do
        file=$1_${sibling#*_}
        /usr/lib/apt/apt-helper -o APT::Sandbox::User= download-file "$mirror/pool/main/l/linux/$(echo "$file" | sed 's/%3a/:/; s/~/%7e/')" \
            "$to/$file" >&2 && return 0
    done
    return 1
}

# download_with_dependencies RELEASE ARCH PACKAGE...: into a directory of archives of their own, which it prints.
download_with_dependencies() {
    to=$work/apt/$1-$2/root
    mkdir -p "$to/partial"
    debian "$1" "$2" apt-get -qq -o Dir::Cache::archives="$to" -o Dpkg::Use-Pty=0 install -y --no-install-recommends --download-only \
        $(shift 2; echo "$*") >&2 || die "cannot download packages of Debian's $1 ($2): see above"
    echo "$to"
}

# unpack DIRECTORY FILE...: directories that the root has as links, such as /bin, stay links.
unpack() {
    into=$1
    shift
    mkdir -p "$into"
    for deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$into" || die "cannot unpack $deb"
    done
}
