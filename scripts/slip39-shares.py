#!/usr/bin/env python3
"""What the implementation of SLIP-0039's authors says, the package `shamir-mnemonic`: a question as JSON in, the answer as JSON out.

A question with `secret` is split: the answer has the words of each share of each group. One with `mnemonics` is
combined: the answer is the secret in hexadecimal, or the empty text where they are refused. With `--version` it says
whether the package is there.
"""
import json
import sys

try:
    import shamir_mnemonic
except ImportError:
    print("shamir-mnemonic not found")
    sys.exit(1)


def answer(question):
    passphrase = question["passphrase"].encode("ascii")
    if "secret" in question:
        return shamir_mnemonic.generate_mnemonics(
            question["groupThreshold"], question["groups"], bytes.fromhex(question["secret"]), passphrase,
            extendable=question["extendable"], iteration_exponent=question["exponent"])
    try:
        return shamir_mnemonic.combine_mnemonics(question["mnemonics"], passphrase).hex()
    except shamir_mnemonic.MnemonicError:
        return ""


if "--version" in sys.argv[1:]:
    print("shamir-mnemonic")
else:
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
