#!/usr/bin/env bash
# What one contact costs the core in instructions and cache misses, counted by valgrind's cachegrind: the same on every
# run, so a change shows on a noisy machine too. The caches are those of a current server core; what misses its 2 MB
# goes to the shared cache or to memory. Two runs are subtracted, so setting up does not count.
#   bench/count_cycles.sh [build/release/bench/sb_routing_cycles]
set -euo pipefail
cd "$(dirname "$0")/.."
program=${1:-build/release/bench/sb_routing_cycles}
command -v valgrind > /dev/null || { echo "count_cycles: needs valgrind (apt-get install valgrind)" >&2; exit 1; }
[ -x "$program" ] || { echo "count_cycles: no $program: build it first (cmake --build --preset release)" >&2; exit 1; }
few=1000
many=21000

count() {  # SIZE free|waiting COUNT -> instructions, instruction misses, data misses, misses of the 2 MB
  valgrind --tool=cachegrind --cachegrind-out-file=/dev/null --cache-sim=yes \
    --I1=32768,8,64 --D1=49152,12,64 --LL=2097152,16,64 "$program" "$@" 2>&1 |
    awk '{ gsub(",", "") } /I +refs:/ { i = $4 } /I1 +misses:/ { m = $4 } /D1 +misses:/ { d = $4 } /LL misses:/ { l = $4 }
      END { print i, m, d, l }'
}

printf '%-28s %14s %14s %14s %14s\n' "one contact" instructions "I1 misses" "D1 misses" "2 MB misses"
for size in 0 1 2; do
  for found in free waiting; do
    { count "$size" "$found" "$few"; count "$size" "$found" "$many"; } |
      awk -v n=$((many - few)) -v what="size $size, $found" '{ for (k = 1; k <= 4; ++k) v[NR, k] = $k }
        END { printf "%-28s %14.0f %14.0f %14.0f %14.1f\n", what, (v[2,1] - v[1,1]) / n, (v[2,2] - v[1,2]) / n,
          (v[2,3] - v[1,3]) / n, (v[2,4] - v[1,4]) / n }'
  done
done
