#!/usr/bin/env bash
# From a fresh Debian machine to a running demo contact center. Ctrl-C stops it; run it again to go on where it was.
#   scripts/run.sh              the demo: you are the agent, invented customers write and call
#   scripts/run.sh --robots     colleagues who work too, so that the dashboard lives
#   scripts/run.sh --fresh      forget the demo's data first
#   scripts/run.sh --no-customers
source "$(dirname "$0")/lib.sh"

robots="" customers=1 config="config/demo.toml"
for argument in "$@"; do
  case "$argument" in
    --robots) robots="amy,ben,chen,dana,fang,gao,hugo" ;;
    --fresh) rm -rf data/demo ;;
    --no-customers) customers=0 ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done

scripts/setup.sh --run-only
build release switchboard switchboard-customers
web_pages

pids=()
stop() {
  trap - INT TERM EXIT
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap stop INT TERM EXIT

build/release/app/switchboard serve --config "$config" >"$LOGS/server.log" 2>&1 &
pids+=($!)
for _ in $(seq 300); do
  grep -q '^ready on port' "$LOGS/server.log" && break
  kill -0 "${pids[0]}" 2>/dev/null || { cat "$LOGS/server.log"; exit 1; }
  sleep 0.1
done

cat <<TEXT

  Switchboard is running at http://127.0.0.1:8080

    agent console    http://127.0.0.1:8080/agent        amy / demo    (also ben, chen, dana, fang, gao, hugo)
    supervisor       http://127.0.0.1:8080/supervisor   sun / demo
    a shop's page    http://127.0.0.1:8080/demo-shop    write in the chat: you are the customer

  Try: sign in as amy and wait for an offer, or write from the shop's page in a second window.
  Press ? in the console for its keys. Logs: build/logs/. Ctrl-C stops everything; nothing is lost.

TEXT

if [ "$customers" = 1 ]; then
  build/release/bench/customers/switchboard-customers demo --config "$config" ${robots:+--robots "$robots"} &
  pids+=($!)
fi
wait "${pids[0]}"
