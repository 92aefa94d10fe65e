#!/usr/bin/env bash
# Lines of Sources that the tests reach, room by room, from what `make cover` has run; fails below the goals.
# Usage: scripts/coverage.sh SCRATCH [PATH-IN-SOURCES]. With a path it shows the lines there that no test reaches.
set -euo pipefail
export LC_ALL=C

scratch=${1:?usage: scripts/coverage.sh SCRATCH [PATH-IN-SOURCES]}
build=$scratch/debug
sources=$(readlink -f "$(dirname "$0")/../Sources")
# The toolchain's own: another one may not read what its compiler writes.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
cov=$tools/llvm-cov
[[ -x $cov ]] || { echo "coverage: there is no llvm-cov beside swift" >&2; exit 1; }
# A program that was killed in the middle of a test leaves half a profile, which is left out.
find "$scratch/profiles" -name '*.profraw' -size +0 > "$scratch/profiles.list"
"$tools/llvm-profdata" merge --failure-mode=all -sparse -f "$scratch/profiles.list" -o "$scratch/merged.profdata" 2>/dev/null
tests=$(find "$build" -maxdepth 1 -name '*PackageTests.xctest' -o -maxdepth 1 -name '*-test-runner' -type f | head -1)
what=("$tests" -object "$build/profilevault" -instr-profile "$scratch/merged.profdata")

if (($# > 1)); then
    "$cov" show "${what[@]}" "$sources/$2" | awk '
        /^\// { file = $0 }
        match($0, /^ *[0-9]+\| *0\|/) { if (file != shown) { print file; shown = file } print }'
    exit
fi

# Goals in percent: every line of what decides, seals and proves.
"$cov" export -format=lcov "${what[@]}" "$sources" | awk -F '[:,]' '
    BEGIN {
        goal["Secrets"] = goal["Gate"] = goal["Cedar/Evaluation"] = goal["Audit/Merkle"] = 100
        goal["all rooms"] = 90
    }
    function count(place, missed) { all[place]++; lost[place] += missed }
    /^SF:/ {
        path = $2
        sub("^.*/Sources/", "", path)
        split(path, parts, "/")
        inner = parts[1] "/" parts[2]
    }
    /^DA:/ {
        missed = $3 == 0
        count(parts[1], missed)
        count("all rooms", missed)
        if (inner in goal) count(inner, missed)
    }
    END {
        if (all["all rooms"] == 0) { print "coverage: nothing was measured" > "/dev/stderr"; exit 1 }
        printf "%-18s %8s %8s %8s  %s\n", "room", "lines", "missed", "reached", "goal"
        sorted = "sort"
        for (place in all) if (place != "all rooms") printf "%s", line(place) | sorted
        close(sorted)
        printf "%s", line("all rooms")
        exit failed
    }
    function line(place,    percent, note) {
        percent = 100 * (all[place] - lost[place]) / all[place]
        note = place in goal ? goal[place] "%" : ""
        if (place in goal && percent < goal[place]) { note = note ", missed"; failed = 1 }
        return sprintf("%-18s %8d %8d %7.2f%%  %s\n", place, all[place], lost[place], percent, note)
    }'
