#!/usr/bin/env python3
"""Checks every #include "room/..." against the arrows between rooms.

The arrows are the USES lists of switchboard_room() in the rooms' CMakeLists.txt; a room may include itself and what it
reaches over them, and nothing else. A channel is a room of its own, so channels reach each other only by mistake.
Prints file:line of everything that points elsewhere and exits 1. --self-test plants mistakes and expects them caught.
"""
import pathlib
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
ROOM = re.compile(r"switchboard_room\(\s*(\w+)([^)]*)\)")
KEYWORDS = {"USES", "LIBRARIES", "EXCLUDE"}
# Not rooms: they compose or test the others and may include any of them.
OUTSIDE = {"app", "bench", "tests", "build", "web", "config", "docs", "scripts", "cmake"}


def read_rooms(root):
    """name -> (folder, rooms it uses directly)"""
    rooms = {}
    for listing in sorted(root.glob("**/CMakeLists.txt")):
        folder = listing.parent.relative_to(root)
        if not folder.parts or folder.parts[0] in OUTSIDE:
            continue
        text = re.sub(r"#.*", "", listing.read_text())
        for name, arguments in ROOM.findall(text):
            uses, keyword = set(), None
            for word in arguments.split():
                if word in KEYWORDS:
                    keyword = word
                elif keyword == "USES":
                    uses.add(word)
            rooms[name] = (folder, uses)
    return rooms


def reachable(rooms, name):
    seen, todo = set(), [name]
    while todo:
        room = todo.pop()
        if room in seen:
            continue
        seen.add(room)
        if room not in rooms:
            raise SystemExit(f"{name} uses {room}, which is no room")
        todo.extend(rooms[room][1])
    return seen


def room_of(rooms, path):
    """The room whose folder holds the path, the deepest first."""
    holding = [(len(folder.parts), name) for name, (folder, _) in rooms.items() if folder in path.parents]
    return max(holding)[1] if holding else None


def check(root):
    rooms = read_rooms(root)
    wrong, checked = [], 0
    for name, (folder, _) in sorted(rooms.items()):
        allowed = reachable(rooms, name)
        for source in sorted((root / folder).rglob("*")):
            relative = source.relative_to(root)
            if source.suffix not in {".h", ".cpp"} or room_of(rooms, relative) != name:
                continue
            for number, line in enumerate(source.read_text(errors="replace").splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                checked += 1
                included = pathlib.PurePosixPath(found.group(1))
                target = room_of(rooms, pathlib.Path(included))
                if target is None and len(included.parts) > 1 and included.parts[0] not in OUTSIDE:
                    continue  # a generated or third-party header
                if target is None:
                    wrong.append(f"{relative}:{number}: \"{included}\" is in no room; includes start at the root")
                elif target not in allowed:
                    wrong.append(f"{relative}:{number}: {name} may not include {target} (\"{included}\")")
    return wrong, checked, len(rooms)


def self_test():
    def tree(files):
        root = pathlib.Path(tempfile.mkdtemp())
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    base = {
        "low/CMakeLists.txt": "switchboard_room(low)",
        "mid/CMakeLists.txt": "# switchboard_room(mid USES high)\nswitchboard_room(mid USES low LIBRARIES x)",
        "high/CMakeLists.txt": "switchboard_room(high USES mid)",
        "channels/a/CMakeLists.txt": "switchboard_room(a USES mid)",
        "channels/b/CMakeLists.txt": "switchboard_room(b USES mid)",
        "high/h.h": '#include "mid/m.h"\n#include "low/l.h"\n#include <vector>\n',
    }
    failures = []
    if check(tree(base))[0]:
        failures.append("a good tree is refused")
    planted = {
        "low/l.cpp": ('#include "low/l.h"\n#include "mid/m.h"\n', "low/l.cpp:2:"),
        "mid/m.h": ('  #  include "high/h.h"\n', "mid/m.h:1:"),
        "channels/a/a.cpp": ('#include "channels/b/b.h"\n', "channels/a/a.cpp:1:"),
        "mid/t.cpp": ('#include "tests/x.h"\n', "mid/t.cpp:1:"),
        "mid/s.cpp": ('#include "m.h"\n', "mid/s.cpp:1:"),
    }
    for path, (text, expected) in planted.items():
        wrong = check(tree({**base, path: text}))[0]
        if len(wrong) != 1 or not wrong[0].startswith(expected):
            failures.append(f"{path}: {wrong}")
    print("\n".join(failures) or "every planted include is caught")
    return 1 if failures else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    wrong, checked, rooms = check(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(wrong) or f"{checked} includes in {rooms} rooms point down")
    return 1 if wrong or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
