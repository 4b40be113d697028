#!/usr/bin/env bash
# clang-format over every source file and clang-tidy over every room; silent about what is clean.
#   scripts/lint.sh               everything
#   scripts/lint.sh FILE.cpp...   clang-tidy over these alone
source "$(dirname "$0")/lib.sh"

step "clang-format" lint-format clang-format-19 --dry-run --Werror $(git ls-files '*.h' '*.cpp')

[ -f build/lint/build.ninja ] || step "configure (lint)" configure-lint cmake --preset lint
# clang-tidy reads the precompiled headers, which makes it several times faster, and needs what is generated.
mapfile -t headers < <(ninja -C build/lint -t targets all | sed -nE 's/^(.*cmake_pch\.hxx\.pch): .*/\1/p')
step "headers for clang-tidy" lint-headers ninja -C build/lint -j "$JOBS" "${headers[@]}"

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(git ls-files '*.cpp' | grep -vE '^(tests|bench)/')
fi
step "clang-tidy (${#files[@]} files)" lint-tidy run-clang-tidy-19 -quiet -p build/lint -j "$JOBS" "${files[@]/#/$ROOT/}"
