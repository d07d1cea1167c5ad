#!/usr/bin/env python3
"""Holds the sources of daemon/ and cli/ to the rules of daemon/ARCHITECTURE.md.

1. A module includes only itself and the modules it names in DEPENDS; these arrows have no cycle.
2. A third-party header is included only by its owners, and in no public header.
3. The domain core reads no file, clock or socket and starts no thread.
4. The first component of every include is ours, the standard library's, or owned by somebody.
5. Of the command's rooms, cli/publish alone may sign.

CMake's declarations are the one source of truth for the arrows. A header is public when anybody outside its room includes
it; one called *_impl.h must not be.
"""
import graphlib
import pathlib
import re
import sys

# Start of a header's name -> who may include it: a module, "croftd" (daemon/*.cpp) or a room of cli.
OWNERS = {
    "sodium": {"trust", "cli/publish"},
    "libtorrent/": {"swarm"},
    "openssl/": {"bundle"},
    "immintrin.h": {"bundle"},
    "cpuid.h": {"bundle"},
    "SQLiteCpp/": {"store"},
    "sqlite3.h": {"store"},
    "curl/": {"feeds", "cli"},
    "spdlog/": {"base"},
    "fmt/": None,  # formatting text is everybody's, in .cpp files
    "utf8proc.h": {"base"},
    "zim/": {"reader"},
    "nlohmann/": {"catalog", "api", "cli", "cli/commands", "cli/publish", "cli/verify"},
    "boost/beast": {"http"},
    "boost/": {"loop", "http", "swarm"},
    "CLI/": {"croftd", "cli", "cli/commands"},
    "qrcodegen/": {"cli/commands", "api"},
    "expat.h": {"cli/publish"},
    "archive": {"cli/publish"},
    "systemd/": {"croftd"},
    "tl/": None,
}
PUBLIC_THIRD_PARTY = {"tl/expected.hpp"}  # the one type of others that our headers show: Result
PUBLIC_HEADER_EXCEPTIONS = {"loop/asio.h"}
CORE = {"trust", "catalog"}
NOT_IN_CORE = {"filesystem", "fstream", "iostream", "thread", "mutex", "future", "random", "condition_variable"}
SYSTEM = re.compile(
    r"^(sys|linux|netinet|arpa|net)/|^(fcntl|fnmatch|unistd|poll|langinfo|termios|signal|dirent|netdb|pwd|grp|spawn|strings)\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])(.+?)[>"]', re.M)


def declared_dependencies(daemon):
    depends = {}
    for cmake in sorted(daemon.glob("*/CMakeLists.txt")):
        declaration = re.search(r"croft_module\(\s*(\w+)(.*?)\)", cmake.read_text(), re.S)
        if declaration:
            listed = re.search(r"DEPENDS((?:\s+[a-z_]+)+)", declaration[2])
            depends[declaration[1]] = set(listed[1].split()) if listed else set()
    return depends


def room_of(source, root):
    """The module, "croftd", or the room of cli that a file belongs to."""
    parts = source.relative_to(root).parts
    if parts[0] == "daemon":
        return parts[1] if len(parts) > 2 else "croftd"
    return "/".join(parts[:2]) if len(parts) > 2 else "cli"


def may_use(room, depends):
    if room == "croftd":
        return set(depends)
    if room.startswith("cli"):
        return {"base", "trust", "catalog", "bundle"}
    return depends[room] | {room}


def owner_rule(header):
    return max((prefix for prefix in OWNERS if header.startswith(prefix)), key=len, default=None)


def complaints_about_ours(header, room, depends):
    first = header.split("/")[0]
    if first == "cli":
        if not room.startswith("cli"):
            yield f"{room} reaches up into the command ({header})"
    elif first in depends:
        if first not in may_use(room, depends):
            yield f"{room} does not declare that it depends on {first} ({header})"
    elif header not in ("daemon.h", "config.h"):
        yield f"nobody's header: {header}"
    if header.endswith("_impl.h") and first != room.split("/")[0]:
        yield f"{header} is private to its module"


def complaints_about_others(header, room, is_public, name):
    rule = owner_rule(header)
    if rule is None:
        if ("/" in header or header.endswith(".h")) and not SYSTEM.match(header):
            yield f"nobody owns {header}"
        return
    if OWNERS[rule] is not None and room not in OWNERS[rule]:
        yield f"{header} belongs to {sorted(OWNERS[rule])}"
    if is_public and header not in PUBLIC_THIRD_PARTY and name not in PUBLIC_HEADER_EXCEPTIONS:
        yield f"{header} shows in a public header"


def name_of(source, root):
    """How a header is included: from daemon/, or from the root for the command's."""
    parts = source.relative_to(root).parts
    return "/".join(parts if parts[0] == "cli" else parts[1:])


def public_headers(sources, root):
    """What somebody outside of its room includes."""
    public = set()
    for source in sources:
        for bracket, header in INCLUDE.findall(source.read_text()):
            target = root / ("" if header.startswith("cli/") else "daemon") / header
            if bracket == '"' and room_of(target, root) != room_of(source, root):
                public.add(header)
    return public


def complaints_about(source, root, depends, public):
    room = room_of(source, root)
    text = source.read_text()
    name = name_of(source, root)
    is_public = name in public
    for bracket, header in INCLUDE.findall(text):
        if bracket == '"':
            yield from complaints_about_ours(header, room, depends)
        else:
            yield from complaints_about_others(header, room, is_public, name)
        if room in CORE and header in NOT_IN_CORE:
            yield f"the domain core does without <{header}>"
    if room in CORE and re.search(r"\bnow\(\)", text):
        yield "the domain core is told the time, it does not look"
    if source.suffix == ".h" and "#pragma once" not in text:
        yield "a header without #pragma once"
    if re.search(r"\b(TODO|FIXME|HACK|XXX)\b", text):
        yield "a TODO does not reach main"


def check(root):
    depends = declared_dependencies(root / "daemon")
    errors = []
    try:
        graphlib.TopologicalSorter(depends).prepare()
    except graphlib.CycleError as cycle:
        errors.append("cycle: " + " -> ".join(cycle.args[1]))
    for unknown in sorted(set().union(*depends.values()) - set(depends)):
        errors.append(f"a module depends on {unknown}, which nobody declares")
    sources = sorted(path for folder in ("daemon", "cli") for path in (root / folder).rglob("*")
                     if path.suffix in (".h", ".cpp"))
    public = public_headers(sources, root)
    for source in sources:
        errors += [f"{source.relative_to(root)}: {text}" for text in complaints_about(source, root, depends, public)]
    return depends, sources, errors


def main(root):
    depends, sources, errors = check(pathlib.Path(root).resolve())
    print("\n".join(errors) or f"{len(depends)} modules, {len(sources)} files, no arrow astray")
    return bool(errors) or not sources


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
