# Shared by the scripts; sourced, not run. Quiet: output goes to build/logs and is shown when a step fails.
set -euo pipefail
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"
LOGS="$ROOT/build/logs"
mkdir -p "$LOGS"

# Ninja's own parallelism, held back where memory is short (about 2 GB per compiler).
JOBS="${JOBS:-$(nproc)}"

step() { # step NAME LOGFILE COMMAND...: runs it quietly and shows the end of its log if it fails
  local name="$1" log="$LOGS/$2.log" begun=$SECONDS
  shift 2
  printf '%-52s' "$name"
  if "$@" >"$log" 2>&1; then
    printf ' %4ds\n' $((SECONDS - begun))
  else
    printf ' failed\n'
    tail -n 60 "$log"
    printf 'The whole log: %s\n' "$log"
    return 1
  fi
}

build() { # build PRESET TARGET...: configures when needed, shows ninja's progress on one line
  local preset="$1"
  shift
  [ -f "build/$preset/build.ninja" ] || step "configure ($preset)" "configure-$preset" cmake --preset "$preset"
  local log="$LOGS/build-$preset.log" begun=$SECONDS
  : >"$log"
  if [ -t 1 ]; then
    NINJA_STATUS='[%f/%t] ' cmake --build "build/$preset" -j "$JOBS" --target "$@" 2>&1 | tee "$log" |
      awk '/^\[[0-9]+\/[0-9]+\]/ { printf "\rbuild (%s) %s          ", P, $1; fflush() }' P="$preset" || true
    printf '\r'
  else
    cmake --build "build/$preset" -j "$JOBS" --target "$@" >"$log" 2>&1 || true
  fi
  # The pipe hides the exit code: ask once more, which is instant when all is built.
  if cmake --build "build/$preset" -j "$JOBS" --target "$@" >>"$log" 2>&1; then
    printf '%-52s %4ds\n' "build ($preset)" $((SECONDS - begun))
  else
    printf 'build (%s) failed\n' "$preset"
    grep -nE 'error|FAILED' "$log" | head -n 40
    printf 'The whole log: %s\n' "$log"
    return 1
  fi
}

web_pages() { # the browser side, only when its sources changed
  local stamp="build/web.stamp" sum
  sum="$(git ls-files -s web | sha256sum; git diff HEAD -- web | sha256sum)"
  if [ -f web/dist/agent.html ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sum" ]; then return 0; fi
  # Not "npm ci": npm 11 refuses lock files that leave out the bundler's binaries for other platforms.
  step "web packages" web-install npm --prefix web install --no-save --no-audit --no-fund
  step "web pages" web-build npm --prefix web run build
  printf '%s' "$sum" >"$stamp"
}
