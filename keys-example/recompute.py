#!/usr/bin/env python3
"""Recomputes the worked example of README.md with nothing but Python's standard library, and compares.

It shares no code with ProfileVault: what it computes follows from the formats alone.
"""

import hashlib
import hmac
import pathlib
import struct
import sys


def rotate(word, count):
    return (word << count & 0xFFFFFFFF) | word >> (32 - count)


def chacha_rounds(state):
    state = list(state)
    for _ in range(10):
        for a, b, c, d in [(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]:
            for first, second, third, count in [(a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)]:
                state[first] = state[first] + state[second] & 0xFFFFFFFF
                state[third] = rotate(state[third] ^ state[first], count)
    return state


CONSTANTS = struct.unpack("<4I", b"expand 32-byte k")


def hchacha20(key, nonce16):  # draft-irtf-cfrg-xchacha-03 section 2.2
    state = chacha_rounds(CONSTANTS + struct.unpack("<8I", key) + struct.unpack("<4I", nonce16))
    return struct.pack("<8I", *state[:4], *state[12:])


def chacha20(key, counter, nonce12, length):  # RFC 8439 section 2.4
    stream = b""
    while len(stream) < length:
        start = CONSTANTS + struct.unpack("<8I", key) + (counter,) + struct.unpack("<3I", nonce12)
        mixed = chacha_rounds(start)
        stream += struct.pack("<16I", *((x + y) & 0xFFFFFFFF for x, y in zip(start, mixed)))
        counter += 1
    return stream[:length]


def poly1305(key, message):  # RFC 8439 section 2.5
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    accumulator = 0
    for start in range(0, len(message), 16):
        accumulator = (accumulator + int.from_bytes(message[start:start + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return ((accumulator + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


def seal(key, nonce, message, binding):
    """nonce 24, ciphertext, tag 16: XChaCha20-Poly1305."""
    subkey = hchacha20(key, nonce[:16])
    nonce12 = bytes(4) + nonce[16:]
    ciphertext = bytes(x ^ y for x, y in zip(message, chacha20(subkey, 1, nonce12, len(message))))
    padded = b"".join(part + bytes(-len(part) % 16) for part in (binding, ciphertext))
    lengths = struct.pack("<2Q", len(binding), len(ciphertext))
    return nonce + ciphertext + poly1305(chacha20(subkey, 0, nonce12, 32), padded + lengths)


def derive(key, label, context=b""):
    """HKDF-SHA-256 (RFC 5869) with an empty salt; 32 bytes are one block."""
    pseudorandom = hmac.digest(bytes(32), key, "sha256")
    return hmac.digest(pseudorandom, b"profilevault v1 " + label + b"\x00" + context + b"\x01", "sha256")


def counted(content):
    return struct.pack(">I", len(content)) + content


def blake2b(content, key=b"", length=32):
    return hashlib.blake2b(content, key=key, digest_size=length).digest()


def wrap(key, nonce, wrapped, binding):
    """The wrapped key, 73 bytes, and the commitment beside it, 32 bytes."""
    return b"\x01" + seal(key, nonce, wrapped, binding), blake2b(b"profilevault key commitment v1" + binding, wrapped)


# What is random in a real vault is counted up here, so that everybody gets the same.
key_file_key = bytes(range(0x00, 0x20))
root = bytes(range(0x20, 0x40))
epoch_key = bytes(range(0x40, 0x60))
counterpart = bytes(range(0xA0, 0xC0))
profile_key = bytes(range(0x60, 0x80))
derivation_key = bytes(range(0x80, 0xA0))
nonce = bytes(range(0xC0, 0xD8))
vault = bytes.fromhex("00000000000070008000000000000001")
profile = bytes.fromhex("00000000000070008000000000000002")

results = {}
results["root wrapped"], results["root commitment"] = wrap(
    key_file_key, nonce, root, counted(b"profilevault root v1") + counted(b"key-file") + vault)
results["wrap subkey"] = derive(root, b"wrap")
results["epoch subkey"] = derive(root, b"epoch", counterpart)

epoch = struct.pack(">I", 1)
wrapped, commitment = wrap(results["epoch subkey"], nonce, epoch_key, counted(b"profilevault epoch v1") + vault + epoch)
holder = (b"PVEPOCH2" + vault + epoch + wrapped + commitment + struct.pack(">I", 1)).ljust(224, b"\x00")
results["epoch holder"] = holder + blake2b(holder)

binding = b"".join([
    b"\x01", struct.pack(">I", 1), profile, b"\x01", profile,  # format, tenant, profile, kind, record
    struct.pack(">IQII", 2, 1, 1, 1),  # field, revision, key id, schema version
])
padded = b"ada@example.org" + b"\x80"
padded += bytes(-len(padded) % 32)
results["cell binding"] = binding
results["cell"] = seal(profile_key, nonce, padded, binding)

index_key = derive(derivation_key, b"field index", struct.pack(">II", 2, 1))
results["index subkey"] = index_key
results["index entry"] = blake2b(b"ada@example.org", index_key, 16)[:8]

lines = []
for name, value in results.items():
    digits = value.hex()
    for start in range(0, len(digits), 64):
        lines.append(f"{name if start == 0 else '':<16}{digits[start:start + 64]}")
output = "\n".join(lines) + "\n"
print(output, end="")

readme = (pathlib.Path(__file__).parent / "README.md").read_text(encoding="utf-8")
if f"```\n{output}```" not in readme:
    sys.exit("recompute: this is not what README.md says")
