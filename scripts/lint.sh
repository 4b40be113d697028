#!/usr/bin/env bash
# clang-format over every source file and clang-tidy over every room; silent about what is clean.
#   scripts/lint.sh               everything
#   scripts/lint.sh FILE.cpp...   clang-tidy over these alone
source "$(dirname "$0")/lib.sh"

step "clang-format" lint-format clang-format-19 --dry-run --Werror $(git ls-files '*.h' '*.cpp')

step "configure (lint)" configure-lint cmake --preset lint
# clang-tidy reads the precompiled headers, which makes it several times faster, and needs what is generated.
mapfile -t headers < <(ninja -C build/lint -t targets all | sed -nE 's/^(.*cmake_pch\.hxx\.pch): .*/\1/p')
step "headers for clang-tidy" lint-headers ninja -C build/lint -j "$JOBS" "${headers[@]}"

# A room's files are read in batches: reading the headers takes most of the time.
files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(find build/lint -name 'unity_*.cxx' | sort)
fi
tidy() { # tidy FILE...: each by itself, as many at once as there are processors; silent about what is clean
  printf '%s\0' "$@" | xargs -0 -P "$JOBS" -n 1 clang-tidy-19 -quiet -p build/lint -checks=-bugprone-suspicious-include \
    '-header-filter=/(proto|routing|storage|engine|crm|net|channels|console|planner|app)/.*\.(h|cpp)$'
}
step "clang-tidy (${#files[@]} files)" lint-tidy tidy "${files[@]}"
