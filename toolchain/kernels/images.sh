# SPDX-License-Identifier: Apache-2.0
# What a machine boots: a kernel, its modules and what begins, as two archives of one initramfs; the disks with the root and the task. For run.sh, which sets $work, $here.
# shellcheck shell=sh

# Modules that the disks, the tests of sockets and those of mounts need, each behind what it needs itself, mostly.
modules='virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_mmio virtio_blk virtio-rng rng-core
    crc16 crc32c_generic crc32c-intel libcrc32c mbcache jbd2 ext4 overlay fuse af_packet unix_diag inet_diag'

# kernel_image DIRECTORY ARCH UNPACKED: DIRECTORY/vmlinuz and DIRECTORY/modules.gz of an unpacked kernel package.
kernel_image() {
    tree=$1/tree
    rm -rf "$tree"
    mkdir -p "$tree/bin" "$tree/modules"
    vmlinuz=$(find "$3" -name 'vmlinuz*' -o -name 'vmlinux-*' | head -n 1)
    [ -n "$vmlinuz" ] || die "$3 has no vmlinuz"
    cp "$vmlinuz" "$1/vmlinuz"
    static=$(busybox "$2") || exit 1
    cp "$static" "$tree/bin/busybox"
    number=100
    for module in $modules; do
        file=$(find "$3" -name "$module.ko" -o -name "$module.ko.xz" -o -name "$module.ko.zst" | head -n 1)
        number=$((number + 1))
        case $file in
            '') ;; # built in, or not there: what the tests miss, they name
            *.xz) xz -dc "$file" >"$tree/modules/$number-$module.ko" ;;
            *.zst) zstd -dqc "$file" >"$tree/modules/$number-$module.ko" ;;
            *) cp "$file" "$tree/modules/$number-$module.ko" ;;
        esac
    done
    found=$(find "$3" -name '*.ko' -o -name '*.ko.xz' -o -name '*.ko.zst' | head -n 1)
    [ -n "$found" ] || die "$3 has no modules: the kernel's package is not whole"
    archive "$tree" >"$1/modules.gz"
    rm -rf "$tree"
}

# busybox ARCH: prints where it is.
busybox() {
    program=$work/busybox-$1/bin/busybox
    if [ ! -x "$program" ]; then
        update bookworm "$1"
        file=$(download bookworm "$1" busybox-static) || exit 1
        unpack "$work/busybox-$1" "$file"
    fi
    echo "$program"
}

# archive DIRECTORY: all in it belongs to root.
archive() {
    packer=$(busybox "$native") || exit 1
    (cd "$1" && find . | "$packer" cpio -o -H newc -R 0:0 2>/dev/null | gzip -1)
}

# start_image ARCH: $work/start-ARCH.gz, which is put behind the modules: what begins in the machine, and the tests in C.
start_image() {
    tree=$work/start-$1
    rm -rf "$tree"
    mkdir -p "$tree"
    cp "$here/guest/init" "$here/guest/start" "$tree"
    compiler=gcc
    [ "$1" = "$native" ] || compiler=$(cross_compiler "$1")
    java=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
    "$compiler" -std=c11 -O1 -g -pthread -static -I"$java/include" -I"$java/include/linux" -I"$project/src/main/native" \
        -I"$project/src/test/native" -o "$tree/shim-test" "$project"/src/main/native/*.c "$project"/src/test/native/*.c \
        || die "the tests in C do not compile with $compiler"
    archive "$tree" >"$tree.gz"
    rm -rf "$tree"
}

cross_compiler() {
    case $1 in
        amd64) echo x86_64-linux-gnu-gcc ;;
        arm64) echo aarch64-linux-gnu-gcc ;;
    esac
}

# What the command script and the JUnit tests run: shells, Python, a JDK, a compiler for the tests that bring a program in C.
root_packages='base-files base-passwd libc-bin bash dash coreutils diffutils findutils grep sed mawk tar gzip xz-utils procps util-linux mount
    login passwd hostname iproute2 busybox-static perl-base python3-minimal python3 strace gcc libc6-dev groff-base bash-completion'

jdk_of() {
    case $1 in
        bookworm) echo openjdk-17-jdk-headless ;;
        *) echo openjdk-21-jdk-headless ;;
    esac
}

# root_image RELEASE ARCH: makes $work/root-RELEASE-ARCH.img, once. The packages' own scripts are not run, which nothing here needs.
root_image() {
    image=$work/root-$1-$2.img
    [ ! -e "$image" ] || return 0
    update "$1" "$2"
    tree=$work/root-$1-$2
    rm -rf "$tree"
    # shellcheck disable=SC2086 # package names, separated by blanks
    archives=$(download_with_dependencies "$1" "$2" $root_packages "$(jdk_of "$1")") || exit 1
    unpack "$tree" "$archives"/*.deb
    for link in bin sbin lib lib64; do
        if [ -d "$tree/usr/$link" ] && [ ! -e "$tree/$link" ]; then
            ln -s "usr/$link" "$tree/$link"
        fi
    done
    cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
    cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
    echo 'tester:x:1000:1000::/home/tester:/bin/bash' >>"$tree/etc/passwd"
    echo 'tester:x:1000:' >>"$tree/etc/group"
    echo '127.0.0.1 localhost emulated' >"$tree/etc/hosts"
    mkdir -p "$tree/home/tester" "$tree/proc" "$tree/sys" "$tree/dev" "$tree/tmp" "$tree/run"
    chown 1000:1000 "$tree/home/tester"
    ln -sf mawk "$tree/usr/bin/awk"
    [ -e "$tree/bin/sh" ] || ln -s dash "$tree/bin/sh"
    for program in "$tree"/usr/lib/jvm/java-*/bin/*; do
        ln -sf "${program#"$tree"}" "$tree/usr/bin/"
    done
    rm -rf "$tree/usr/share/doc" "$tree/usr/share/man" "$tree/usr/share/locale"
    mke2fs -q -t ext4 -O '^metadata_csum_seed,^orphan_file' -d "$tree" -E lazy_itable_init=0 "$image.part" 2500M \
        || die "mke2fs cannot make $image"
    mv "$image.part" "$image"
    rm -rf "$tree"
}

# task_image FILE: the project as it was built, and the scripts for the machine.
task_image() {
    tar -c --owner 1000 --group 1000 -C "$project" --exclude=./.git --exclude=target --exclude='*.img' -f "$1" . \
        || die "the project cannot be packed"
    (cd "$project" && tar -r --owner 1000 --group 1000 -f "$1" target/classes target/test-classes target/*.jar target/applications) \
        || die "the project is not built"
    tar -r --owner 1000 --group 1000 -C "$work" -f "$1" lib || die "$work/lib is not there"
    truncate -s %512 "$1"
}
