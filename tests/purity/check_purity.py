#!/usr/bin/env python3
"""Checks that the routing library cannot see a clock, a file, a network, a random number or a thread.

Two lists of what is allowed, so that anything new must be put on one of them by somebody who thought about it: the
standard headers routing/ may include, and the outside symbols its library may ask for.
Usage: check_purity.py ROOT NM LIBRARY..., or --self-test NM IMPURE_LIBRARY, which must find every planted symbol.
"""
import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
HEADERS = {
    "algorithm", "array", "bit", "cassert", "compare", "concepts", "cstddef", "cstdint", "cstdio", "cstdlib", "cstring", "deque", "expected",
    "functional", "initializer_list", "iterator", "limits", "map",
    "numeric", "optional", "set", "span", "string", "string_view", "tuple", "type_traits", "utility", "variant", "vector",
}
SYMBOLS = [re.compile(p) for p in (
    r"operator (new|delete)(\[\])?\(.*\)",
    r"mem(cpy|move|set|cmp|chr)|strlen|bcmp|__mem\w+_chk",
    r"abort|fprintf|__fprintf_chk|fwrite|stderr|__assert_fail|__stack_chk_fail",  # how a broken invariant ends
    r"__cxa_(begin_catch|end_catch|rethrow|throw|throw_bad_array_new_length|allocate_exception|free_exception|pure_virtual"
    r"|atexit|guard_\w+)|__dso_handle|__gxx_personality_v0|_Unwind_Resume|__popcountdi2|_GLOBAL_OFFSET_TABLE_",
    r"std::__throw_\w+\(.*\)|std::terminate\(\)",
    r"std::_Rb_tree_\w+\(.*\)",
    r"std::(__cxx11::)?basic_string<.*",
    r"std::(bad_\w+|exception|logic_error|runtime_error|length_error|out_of_range|invalid_argument)::.*",
    r"(vtable|typeinfo|typeinfo name) for (std::(bad_\w+|exception|\w+_error)|__cxxabiv1::.*|std::bad_.*)",
    r"std::to_string\(.*\)|std::__cxx11::to_string\(.*\)|std::_Hash_bytes\(.*\)|std::__detail::.*",
    r"sb::.*",  # proto: the same check is run on its library
    r"__(asan|ubsan|tsan|sanitizer|lsan)_\w+",
)]
# Where a demangled name says nothing because the argument list is what matters.
FORBIDDEN = re.compile(r"chrono|random|thread|mutex|filesystem|ostream|istream|fstream|locale")


def impure_includes(root):
    wrong = []
    for source in sorted((root / "routing").glob("*")):
        if source.suffix not in {".h", ".cpp"}:
            continue
        for number, line in enumerate(source.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            name = found.group(2)
            good = name in HEADERS if found.group(1) == "<" else name.startswith(("proto/", "routing/"))
            if not good:
                wrong.append(f"{source.relative_to(root)}:{number}: routing may not include {name}")
    return wrong


def impure_symbols(nm, library):
    listing = subprocess.run([nm, "-C", library], check=True, capture_output=True, text=True).stdout
    undefined, defined = set(), set()
    for line in listing.splitlines():
        symbol = re.match(r"^[0-9a-f ]{16} (\w) (.+)$", line)
        if symbol:
            (undefined if symbol.group(1) == "U" else defined).add(symbol.group(2))
    if not undefined:
        raise SystemExit(f"{library}: no symbols found; is it a library?")
    outside = undefined - defined
    return sorted(s for s in outside if FORBIDDEN.search(s) or not any(p.fullmatch(s) for p in SYMBOLS))


def main():
    if sys.argv[1] == "--self-test":
        found = impure_symbols(sys.argv[2], sys.argv[3])
        missing = [w for w in ("time", "clock_gettime", "getenv", "rand", "open", "socket", "pthread_create",
                               "std::chrono::_V2::system_clock::now()", "std::random_device::_M_getval()")
                   if not any(s == w for s in found)]
        print(f"not caught: {missing}" if missing else "every planted symbol is caught")
        return 1 if missing else 0
    wrong = impure_includes(pathlib.Path(sys.argv[1]).resolve())
    for library in sys.argv[3:]:
        wrong += [f"{pathlib.Path(library).name} asks the outside for: {s}" for s in impure_symbols(sys.argv[2], library)]
    print("\n".join(wrong) or "routing is pure")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
