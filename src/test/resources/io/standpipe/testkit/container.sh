# Runs a command in a root directory, with mount and pid namespaces of its own: container.sh BINDS FORM BASE ROOT COMMAND...
# BINDS: directories of the host that are bound read-only. FORM: writable, tmp (only /tmp is), or read-only.
# BASE: if not 0, also in a user namespace, whose user 0 is this one outside.
export binds=$1 form=$2
base=$3
shift 3
inside='mount --make-rprivate / && mount --rbind "$0" "$0" && cd "$0" || exit
for each in $binds; do mount --rbind "$each" ".$each" && mount -o remount,bind,ro ".$each" || exit; done
mount --rbind /dev dev && mount -t proc proc proc || exit
for each in kcore keys timer_list; do [ ! -e "proc/$each" ] || mount --bind /dev/null "proc/$each" || exit; done
mount --bind proc/sys proc/sys && mount -o remount,bind,ro proc/sys && pivot_root . old && umount -l /old || exit
[ "$form" = writable ] || mount -o remount,bind,ro / || exit
[ "$form" != tmp ] || mount -t tmpfs -o mode=1777 tmpfs /tmp || exit
exec "$@"'
enter="unshare --mount --pid --fork --kill-child sh -c"
if [ "$base" = 0 ]; then exec $enter "$inside" "$@"; fi
exec 3<&0
rm -f "$1/mapped" && mkfifo "$1/mapped" || exit
unshare --user --keep-caps sh -c 'read -r go < "$0/mapped"; exec setpriv --reuid=0 --regid=0 --clear-groups "$@" <&3 3<&-' \
    "$1" $enter "$inside" "$@" &
child=$!
while [ "$(readlink /proc/$child/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do
    kill -0 $child || exit
    sleep .01
done
for map in uid_map gid_map; do echo "0 $base 65536" > /proc/$child/$map; done
echo go > "$1/mapped"
exec 3<&-
wait $child
