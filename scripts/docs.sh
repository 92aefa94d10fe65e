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
swift package dump-symbol-graph --minimum-access-level package --skip-synthesized-members
graphs=$(mktemp -d)
trap 'rm -rf "$graphs"' EXIT
# The rooms; neither tests, nor benchmarks, nor what the C headers declare.
for room in Sources/*/; do
    room=$(basename "$room")
    find "$(swift build --show-bin-path)/../symbolgraph" -name "$room.symbols.json" -exec cp {} "$graphs" \;
done
rm -rf "$output"
"$docc" convert docs/ProfileVault.docc --additional-symbol-graph-dir "$graphs" --output-path "$output" \
    --fallback-display-name ProfileVault --fallback-bundle-identifier profilevault \
    --experimental-documentation-coverage --level brief
echo "the documentation is in $output"
