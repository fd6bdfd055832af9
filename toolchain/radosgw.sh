#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs an S3 store for tests: Ceph's radosgw with one monitor and one OSD that keeps all in memory, on the loopback interface.
# It is there within some seconds, and ends, with all its data, when standard input ends (Ctrl-D) or by Ctrl-C.
#
#     toolchain/radosgw.sh DIRECTORY [PORT [MONITOR_PORT]]      a new directory for its files; default ports: 7480 and 7481
#
# Debian, Ubuntu: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd
set -eu
exec 3<&0 # A program in the background has no standard input of its own.

directory=$1
port=${2:-7480}
monitor=${3:-7481}
log=$directory/log

for program in ceph ceph-mon ceph-osd monmaptool radosgw radosgw-admin; do
    command -v "$program" >/dev/null || { echo "radosgw.sh: $program is missing: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd" >&2; exit 4; }
done
mkdir "$directory" "$directory/mon" "$directory/osd"
directory=$(cd "$directory" && pwd)
fsid=$(cat /proc/sys/kernel/random/uuid)
osd=$(cat /proc/sys/kernel/random/uuid)
conf=$directory/ceph.conf
children=

stop() {
    trap - EXIT INT TERM
    # shellcheck disable=SC2086 # pids, separated by blanks
    kill -9 $children 2>/dev/null || true # Nothing is kept, so that there is nothing to write.
    wait
    rm -rf "$directory"
}
trap stop EXIT
trap 'exit 130' INT TERM

# No authentication within the cluster; one copy of each object; maps that change often are sent out at once.
cat >"$conf" <<END
[global]
fsid = $fsid
mon host = v2:127.0.0.1:$monitor
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms bind msgr1 = false
mon data = $directory/mon
mon data avail crit = 0
mon data avail warn = 0
mon allow pool size one = true
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.02
osd data = $directory/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd crush chooseleaf type = 0
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
run dir = $directory
crash dir = $directory
admin socket = $directory/\$name.asok
pid file = $directory/\$name.pid
log file = $directory/\$name.log
mon cluster log file = $directory/cluster.log
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw run sync thread = false
rgw gc obj min wait = 5
rgw gc processor period = 5
rgw gc processor max time = 5
END

{
    monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" "$directory/monmap"
    ceph-mon -c "$conf" --mkfs -i a --monmap "$directory/monmap"
} >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
ceph-mon -c "$conf" -i a -f >>"$log" 2>&1 </dev/null 3<&- &
children="$children $!"
{
    timeout 60 ceph -c "$conf" osd new "$osd"
    ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$osd"
} >>"$log" 2>&1 || { cat "$log" >&2; exit 1; }
ceph-osd -c "$conf" -i 0 -f >>"$log" 2>&1 </dev/null 3<&- &
children="$children $!"
timeout 120 radosgw-admin -c "$conf" -n client.rgw user create --uid=test --display-name=test --access-key=test --secret-key=test-secret \
    >>"$log" 2>&1 || { cat "$log" >&2; exit 1; }
radosgw -c "$conf" -n client.rgw -f >>"$log" 2>&1 </dev/null 3<&- &
gateway=$!
children="$children $gateway"
until grep -q 'starting handler: beast' "$directory/client.rgw.log" 2>/dev/null; do
    kill -0 "$gateway" 2>/dev/null || { cat "$log" >&2; exit 1; }
    sleep 0.05
done

echo "export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test-secret"
echo "ready"
cat <&3 >/dev/null &
input=$!
children="$children $input"
wait "$input" || true
