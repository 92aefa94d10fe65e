#!/usr/bin/env python3
"""The official Cedar engine through `cedarpy`, with policies and entities parsed beforehand.

Takes a folder with policies.cedar, entities.json and requests.json; prints microseconds a decision as JSON: asked one
by one, in batches, and by the engine's own clock; or `missing: why`.
"""
import json
import pathlib
import sys
import time

try:
    import cedarpy
except ImportError:
    print("missing: the Python package `cedarpy`")
    sys.exit(0)

folder = pathlib.Path(sys.argv[1])
policies = cedarpy.PolicySet.from_str((folder / "policies.cedar").read_text())
entities = cedarpy.Entities.from_json_str((folder / "entities.json").read_text())
requests = json.loads((folder / "requests.json").read_text())


def percentiles(values):
    ordered = sorted(values)
    return [ordered[int((len(ordered) - 1) * share)] for share in (0.5, 0.95, 0.99)]


# The best of the batches: what else the machine does can only add.
results, batches = [], []
for first in range(0, len(requests), 500):
    part = requests[first:first + 500]
    start = time.perf_counter()
    results += cedarpy.is_authorized_batch(part, policies, entities)
    batches.append((time.perf_counter() - start) * 1e6 / len(part))

single = []
for request in requests[:1000]:
    start = time.perf_counter()
    cedarpy.is_authorized(request, policies, entities)
    single.append((time.perf_counter() - start) * 1e6)

print(json.dumps({
    "single": percentiles(single),
    "engine": percentiles([result.metrics["authz_duration_micros"] for result in results]),
    "batch": min(batches),
    "decisions": "".join("a" if result.allowed else "d" for result in results),
}))
