#!/usr/bin/env python3
"""AWS KMS and IAM as the package `moto` plays them, on a loopback port, until the standard input ends.

Its first line is JSON: the port, the ARNs of two keys, and the access keys of two users, one of whom may use the keys. From
then on every request has to be signed. With `--version` it says whether the package is there.
"""
import json
import logging
import sys

try:
    import boto3
    import moto
    from moto import settings
    from moto.server import ThreadedMotoServer
except ImportError:
    print("moto not found")
    sys.exit(1)

if "--version" in sys.argv[1:]:
    print("moto", moto.__version__)
    sys.exit(0)

REGION = "eu-central-1"
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
port = server.get_host_and_port()[1]


def client(service):
    return boto3.client(
        service, region_name=REGION, endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="setup",
        aws_secret_access_key="setup")


def user(name, *actions):
    iam.create_user(UserName=name)
    if actions:
        statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_user_policy(UserName=name, PolicyName="keys", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return [key["AccessKeyId"], key["SecretAccessKey"]]


iam, kms = client("iam"), client("kms")
keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
kms.create_alias(AliasName="alias/profilevault", TargetKeyId=keys[0])
allowed, other = user("allowed", "kms:Encrypt", "kms:Decrypt"), user("other")
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
print(json.dumps({"port": port, "keys": keys, "allowed": allowed, "other": other}), flush=True)
sys.stdin.read()
server.stop()
