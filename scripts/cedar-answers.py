#!/usr/bin/env python3
"""What the official Cedar engine says, through the package `cedarpy`: cases as lines of JSON in, answers as lines out.

A case has `policies`, `links`, `entities` and `requests`. Its answer is a list of [decision, reasons, policies that
erred] for each request, or null where policies, links or entities are refused. A case with `policies` and a `schema` is
validated: its answer is true or false. With `--version` it names the package.
"""
import json
import re
import sys

try:
    import cedarpy
except ImportError:
    print("cedarpy not found")
    sys.exit(1)

ERROR = re.compile(r"error while evaluating policy `([^`]*)`")


def answers(case):
    if "schema" in case:
        return cedarpy.validate_policies(case["policies"], case["schema"]).validation_passed
    try:
        policies = cedarpy.PolicySet.from_str(case["policies"])
        policies = policies.with_linked_batch([
            {"template_id": link["template"], "new_id": link["id"], "values": link["values"]}
            for link in case["links"]])
        entities = cedarpy.Entities.from_json_str(case["entities"])
    except ValueError:
        return None
    results = cedarpy.is_authorized_batch(case["requests"], policies, entities)
    return [
        [
            result.decision.value.lower(), sorted(result.diagnostics.reasons),
            sorted(ERROR.match(error).group(1) for error in result.diagnostics.errors),
        ]
        for result in results
    ]


if sys.argv[1:] == ["--version"]:
    from importlib.metadata import version
    print(f"cedarpy {version('cedarpy')}")
else:
    for line in sys.stdin:
        print(json.dumps(answers(json.loads(line))))
