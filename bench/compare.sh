#!/usr/bin/env bash
# Switchboard and the rival one after the other on this machine, then the ratios.
# Usage: compare.sh [RIVAL_DIRECTORY]
# Environment: BUILD (build/release), AGENTS (1000), JOBS (60000), RATE (500), SECONDS_AT_RATE (10), PORT (8380),
#   SERVER (the server's program), CUSTOMERS (the generator's), SERVER_ARGS ("serve --config").
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
cd "$repository"
build=${BUILD:-build/release}
server=${SERVER:-$build/app/switchboard}
customers=${CUSTOMERS:-$build/bench/customers/switchboard-customers}
agents=${AGENTS:-1000}
jobs=${JOBS:-60000}
rate=${RATE:-500}
seconds=${SECONDS_AT_RATE:-10}
port=${PORT:-8380}
for program in "$server" "$customers"; do
  [ -x "$program" ] || { echo "compare.sh: $program is not built" >&2; exit 2; }
done

work=$(mktemp -d)
server_pid=
cleanup() {
  if [ -n "$server_pid" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

"$customers" bench-config --agents "$agents" --skills 10 --port "$port" --directory "$work/data" --out "$work/bench.toml"
# shellcheck disable=SC2086
"$server" ${SERVER_ARGS:-serve --config} "$work/bench.toml" >"$work/server.log" 2>&1 &
server_pid=$!
for _ in $(seq 600); do
  curl -fsS "http://127.0.0.1:$port/healthz" >/dev/null 2>&1 && break
  kill -0 "$server_pid" 2>/dev/null || { tail -20 "$work/server.log" >&2; exit 2; }
  sleep 0.1
done

load() { "$customers" load "$@" --config "$work/bench.toml" --agents "$agents" --server-pid "$server_pid" --json; }
load saturate --jobs "$jobs" | tee "$work/ours.saturate"
load latency --rate "$rate" --seconds "$seconds" --warmup 2 | tee "$work/ours.latency"
kill "$server_pid"
wait "$server_pid" || true
server_pid=

AGENTS=$agents JOBS=$jobs RATE=$rate RATE_JOBS=$((rate * seconds)) bench/node-redis/run.sh "$@" | tee "$work/theirs"

node - "$work" <<'JS'
const fs = require('fs');
const dir = process.argv[2];
const read = (name) => fs.readFileSync(dir + '/' + name, 'utf8').trim().split('\n').map((l) => JSON.parse(l));
const [saturate] = read('ours.saturate');
const [latency] = read('ours.latency');
const [full, paced] = read('theirs');
const rows = [
  ['assignments a second', saturate.assignments_per_s, full.assigned_per_s, 1],
  ['server CPU us per assignment', saturate.server_cpu_us_per_assignment,
    (full.engine_cpu_ms_per_job + full.redis_cpu_ms_per_job) * 1000, -1],
  ['offer p50 ms at ' + latency.rate_per_s + '/s', latency.offer_ms.p50, paced.lat.p50, -1],
  ['offer p99 ms', latency.offer_ms.p99, paced.lat.p99, -1],
  ['offer max ms', latency.offer_ms.max, paced.lat.max, -1],
];
const cell = (v) => (Math.abs(v) >= 1000 ? Math.round(v).toString() : v.toFixed(3)).padStart(14);
console.log('\n' + ''.padEnd(34) + 'Switchboard'.padStart(14) + 'Node+Redis'.padStart(14) + 'times better'.padStart(14));
for (const [name, ours, theirs, sign] of rows) {
  console.log(name.padEnd(34) + cell(ours) + cell(theirs) + (sign > 0 ? ours / theirs : theirs / ours).toFixed(2).padStart(14));
}
JS
