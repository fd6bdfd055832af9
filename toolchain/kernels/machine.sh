# SPDX-License-Identifier: Apache-2.0
# Boots a kernel under qemu, with nothing that it could change: for run.sh.
# shellcheck shell=sh

# boot ARCH KERNEL_DIRECTORY INITRAMFS LEFT SECONDS MEMORY [DISK=FILE...]: what the machine wrote is then in the directory LEFT.
boot() {
    arch=$1
    kernel=$2
    initramfs=$3
    left=$4
    seconds=$5
    memory=$6
    shift 6
    rm -rf "$left"
    mkdir -p "$left"
    truncate -s 256M "$left/result.tar"
    case $arch in
        # A processor with more, such as "max", is emulated far slower, and some kernels then use what the emulation lacks.
        amd64) set -- qemu-system-x86_64 -machine q35 -cpu Nehalem-v1,+rdrand "$@"; console=ttyS0 ;;
        arm64) set -- qemu-system-aarch64 -machine virt -cpu cortex-a72 "$@"; console=ttyAMA0 ;;
    esac
    emulator="$1 $2 $3 $4 $5"
    shift 5
    disks=
    for disk; do
        disks="$disks -drive id=${disk%%=*},file=${disk#*=},format=raw,if=none,snapshot=on"
        disks="$disks -device virtio-blk-pci,drive=${disk%%=*},serial=${disk%%=*}"
    done
    # shellcheck disable=SC2086 # options; the paths have no blanks, which run.sh looks at
    timeout --foreground "$seconds" $emulator -accel "$accelerator" -smp 2 -m "$memory" -nodefaults -nographic -no-reboot \
        -serial "file:$left/console.log" -kernel "$kernel/vmlinuz" -initrd "$initramfs" \
        -append "console=$console quiet loglevel=4 panic=-1 random.trust_cpu=on mitigations=off nokaslr $kernel_arguments" \
        $disks -drive "id=result,file=$left/result.tar,format=raw,if=none" -device virtio-blk-pci,drive=result,serial=result \
        -device virtio-rng-pci </dev/null >"$left/qemu.log" 2>&1 || {
        echo "the machine was ended ($?: 124 after $seconds s), see $left/console.log" >"$left/failure"
    }
    tar -x -C "$left" -f "$left/result.tar" 2>/dev/null
    [ -e "$left/seconds" ] || echo "the machine left no results, see $left/console.log" >>"$left/failure"
    rm -f "$left/result.tar"
}
