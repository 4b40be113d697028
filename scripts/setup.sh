#!/usr/bin/env bash
# Installs the Debian packages Switchboard is built from. Does nothing when all are there.
source "$(dirname "$0")/lib.sh"

PACKAGES=(
  g++ cmake ninja-build ccache mold pkg-config git python3 ca-certificates tzdata
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libboost-context1.81-dev
  librocksdb-dev libprotobuf-dev protobuf-compiler libsqlite3-dev libsodium-dev libssl-dev libxxhash-dev
  libtomlplusplus-dev libpugixml-dev libspdlog-dev libfmt-dev libsimdjson-dev libcli11-dev libwebsocketpp-dev
  libhowardhinnant-date-dev librapidcheck-dev libgtest-dev libbenchmark-dev
)
# Only for tests, benchmarks and checks.
TEST_PACKAGES=(clang-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev chromium fonts-noto-cjk openssl)
[ "${1:-}" = "--run-only" ] || PACKAGES+=("${TEST_PACKAGES[@]}")

command -v npm >/dev/null || PACKAGES+=(nodejs npm)

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

SUDO=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Please install as root: apt-get install ${missing[*]}"; exit 1; }
  SUDO=sudo
fi
export DEBIAN_FRONTEND=noninteractive
step "package lists" apt-update $SUDO apt-get update
step "packages (${#missing[@]})" apt-install $SUDO apt-get install -y --no-install-recommends "${missing[@]}"
