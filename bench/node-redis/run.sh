#!/usr/bin/env bash
# Measures the rival: one Node process, Redis lists with Lua, a websocket per agent. Prints its JSON lines.
# Usage: run.sh [DIRECTORY]   (default: ../shared/peers/node-redis beside the repository)
# Environment: AGENTS (1000), JOBS (60000) saturated; RATE (500) and RATE_JOBS (5000) for the latency run.
set -euo pipefail

repository=$(cd "$(dirname "$0")/../.." && pwd)
rival=$(cd "${1:-$repository/../shared/peers/node-redis}" && pwd)
for program in node npm redis-server redis-cli; do
  command -v "$program" >/dev/null || { echo "run.sh: $program is missing (Debian: nodejs npm redis-server)" >&2; exit 2; }
done

port=6399 # lists.mjs connects to it
if redis-cli -p "$port" ping >/dev/null 2>&1; then
  echo "run.sh: something already answers on port $port" >&2
  exit 2
fi

work=$(mktemp -d)
redis_pid=
cleanup() {
  if [ -n "$redis_pid" ]; then
    kill "$redis_pid" 2>/dev/null || true
    wait "$redis_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT

cp "$rival"/*.mjs "$rival"/package.json "$work"/
chmod -R u+w "$work"
(cd "$work" && npm install --no-audit --no-fund --loglevel=error >&2)

# As durable as Switchboard: nothing is answered before it is on disk.
mkdir "$work/redis"
redis-server --port "$port" --bind 127.0.0.1 --dir "$work/redis" --save "" --appendonly yes --appendfsync always \
  --daemonize no >"$work/redis/log" 2>&1 &
redis_pid=$!
for _ in $(seq 100); do
  redis-cli -p "$port" ping >/dev/null 2>&1 && break
  kill -0 "$redis_pid" 2>/dev/null || { cat "$work/redis/log" >&2; exit 2; }
  sleep 0.1
done

# Redis' own processor time is not in the rival's figures; it is added to each line.
measure() {
  local before after ticks
  ticks=$(getconf CLK_TCK)
  before=$(awk '{print $14 + $15}' "/proc/$redis_pid/stat")
  local line
  line=$(cd "$work" && env "$@" node lists.mjs)
  after=$(awk '{print $14 + $15}' "/proc/$redis_pid/stat")
  printf '%s\n' "$line" | REDIS_MS=$(((after - before) * 1000 / ticks)) node -e '
    const line = JSON.parse(require("fs").readFileSync(0, "utf8"));
    line.redis_cpu_ms_per_job = +(Number(process.env.REDIS_MS) / line.done).toFixed(4);
    console.log(JSON.stringify(line));'
}

measure -u RATE AGENTS="${AGENTS:-1000}" JOBS="${JOBS:-60000}"
measure AGENTS="${AGENTS:-1000}" JOBS="${RATE_JOBS:-5000}" RATE="${RATE:-500}"
