#!/usr/bin/env bash
# Every test on this machine, from a fresh clone if need be. Ends with "N passed, N failed".
#   scripts/test.sh           all tiers
#   scripts/test.sh --fast    the short ones: unit, scripts, model, layering (AddressSanitizer build)
source "$(dirname "$0")/lib.sh"

fast=0
[ "${1:-}" = "--fast" ] && fast=1

scripts/setup.sh
passed=0 failed=0

count() { # adds the totals of a ctest log
  local log="$1" total bad
  total="$(sed -nE 's/.*tests passed, ([0-9]+) tests? failed out of ([0-9]+).*/\1 \2/p' "$log" | tail -n 1)"
  [ -n "$total" ] || { failed=$((failed + 1)); return; }
  bad="${total%% *}"
  failed=$((failed + bad))
  passed=$((passed + ${total##* } - bad))
}

run_ctest() { # run_ctest NAME PRESET ARGUMENTS...
  local name="$1" preset="$2" log="$LOGS/ctest-$1.log"
  shift 2
  printf '%-52s' "tests: $name"
  local begun=$SECONDS
  ctest --test-dir "build/$preset" --output-on-failure "$@" >"$log" 2>&1 || true
  count "$log"
  printf ' %4ds  %s\n' $((SECONDS - begun)) "$(grep -E 'tests passed' "$log" | tail -n 1)"
  sed -n '/The following tests FAILED/,$p' "$log"
  if grep -q 'The following tests FAILED' "$log"; then grep -E 'FAILED|Failure|ERROR|Sanitizer' "$log" | head -n 60; fi
}

build dev all
run_ctest "unit, script, model (ASan, UBSan)" dev -L fast -j "$JOBS"

if [ "$fast" = 0 ]; then
  run_ctest "crash, long model (ASan, UBSan)" dev -L 'crash|slow'
  build release switchboard switchboard-customers sb_routing_bench sb_storage_bench
  web_pages
  printf '%-52s' "tests: web units"
  if npm --prefix web test >"$LOGS/web-test.log" 2>&1; then
    passed=$((passed + 1)); echo "      passed"
  else
    failed=$((failed + 1)); echo "      failed"; tail -n 40 "$LOGS/web-test.log"
  fi
  run_ctest "the server killed in its work" release -L kill
  if [ -f tests/e2e/package.json ]; then
    step "e2e packages" e2e-install npm --prefix tests/e2e install --no-save --no-audit --no-fund || failed=$((failed + 1))
    printf '%-52s' "tests: browser"
    begun=$SECONDS
    if SB_BINARY="$ROOT/build/release/app/switchboard" npm --prefix tests/e2e test >"$LOGS/e2e.log" 2>&1; then
      printf ' %4ds  passed\n' $((SECONDS - begun))
    else
      printf ' %4ds  failed\n' $((SECONDS - begun)); tail -n 80 "$LOGS/e2e.log"
    fi
    e2e_passed="$(sed -nE 's/^(# |ℹ )pass ([0-9]+)$/\2/p' "$LOGS/e2e.log" | tail -n 1)"
    e2e_failed="$(sed -nE 's/^(# |ℹ )fail ([0-9]+)$/\2/p' "$LOGS/e2e.log" | tail -n 1)"
    passed=$((passed + ${e2e_passed:-0}))
    failed=$((failed + ${e2e_failed:-1}))
  fi
  build tsan test_engine test_net
  run_ctest "engine and net (TSan)" tsan -R '^(engine|net)$'
fi

echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
