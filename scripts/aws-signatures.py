#!/usr/bin/env python3
"""What botocore signs: a question a line of the input as JSON, the value of `Authorization` a line out.

A question has method, url, headers (pairs), body (hexadecimal), moment (`20150830T123600Z`), key, secret, token (where there is one), region
and service. With `--version` it says whether the package is there.
"""
import datetime
import json
import sys

try:
    import botocore
    from botocore import auth, awsrequest, credentials
except ImportError:
    print("botocore not found")
    sys.exit(1)

if "--version" in sys.argv[1:]:
    print("botocore", botocore.__version__)
    sys.exit(0)

moment = None
# The signers read the clock through this function.
auth.get_current_datetime = lambda remove_tzinfo=True: moment

for line in sys.stdin:
    question = json.loads(line)
    moment = datetime.datetime.strptime(question["moment"], "%Y%m%dT%H%M%SZ")
    signer = auth.S3SigV4Auth if question["service"] == "s3" else auth.SigV4Auth
    request = awsrequest.AWSRequest(
        method=question["method"], url=question["url"], data=bytes.fromhex(question["body"]))
    for name, value in question["headers"]:
        request.headers.add_header(name, value)
    who = credentials.Credentials(question["key"], question["secret"], question.get("token"))
    signer(who, question["service"], question["region"]).add_auth(request)
    print(request.headers["Authorization"])
