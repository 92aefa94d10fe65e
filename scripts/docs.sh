#!/usr/bin/env bash
# The documentation of the code, room by room, as DocC renders it: what a room offers the others and the world.
# Usage: scripts/docs.sh OUTPUT. Open it with any web server: `python3 -m http.server -d OUTPUT`.
set -euo pipefail
export LC_ALL=C

output=${1:?usage: scripts/docs.sh OUTPUT}
cd "$(dirname "$0")/.."
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
[[ -x $docc ]] || { echo "docs: there is no docc beside swift" >&2; exit 1; }

swift build
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
found=$(swift build --show-bin-path)/../symbolgraph
rm -rf "$found"
# It ends with an error because of the tests' C target, which has no graph: what counts is that every room has one.
swift package dump-symbol-graph --minimum-access-level package --skip-synthesized-members > "$graphs/said" 2>&1 || true
# The rooms that offer something; neither programs, nor tests, nor benchmarks, nor what the C headers declare.
for room in Sources/*/; do
    [[ ! -e $room/main.swift ]] || continue
    room=$(basename "$room")
    [[ $room == CLibraries ]] || cp "$found/$room.symbols.json" "$graphs" || { cat "$graphs/said" >&2; exit 1; }
done
rm "$graphs/said"
rm -rf "$output"
"$docc" convert docs/ProfileVault.docc --additional-symbol-graph-dir "$graphs" --output-path "$output" \
    --fallback-display-name ProfileVault --fallback-bundle-identifier profilevault \
    --experimental-documentation-coverage --coverage-summary-level brief
echo "the documentation is in $output"
