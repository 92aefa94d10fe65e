#!/usr/bin/env python3
"""A stand-in of Vault's Transit secrets engine, no Vault: as much of its HTTP API as wraps one key, on a loopback port, until
the standard input ends.

It has the key `profilevault` at the mount `transit`, and of the namespace `team/keys` another of that name; it lets one token use
them, wants associated data back, and answers refusals with the statuses and sentences of Vault 1.15. Its first line is JSON: the
port and the token. With `--certificate FILE --key FILE` (PEM) it speaks TLS.
"""
import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading

TOKEN = "hvs." + os.urandom(12).hex()
KEYS = {("", "profilevault"): os.urandom(32), ("team/keys", "profilevault"): os.urandom(32)}


def code(key, *parts):
    return hmac.new(key, b"".join(len(part).to_bytes(4, "big") + part for part in parts), hashlib.sha256).digest()


def encrypt(key, plaintext, associated):
    nonce = os.urandom(16)
    # One block of the stream: keys of 32 bytes are all that comes here.
    body = bytes(a ^ b for a, b in zip(plaintext, code(key, b"stream", nonce)))
    return nonce + body + code(key, b"tag", nonce, body, associated)


def decrypt(key, sealed, associated):
    nonce, body, tag = sealed[:16], sealed[16:-32], sealed[-32:]
    if not hmac.compare_digest(tag, code(key, b"tag", nonce, body, associated)):
        raise ValueError
    return bytes(a ^ b for a, b in zip(body, code(key, b"stream", nonce)))


class Transit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["X-Vault-Token"] != TOKEN or self.headers["X-Vault-Request"] != "true":
            return self.refuse(403, "permission denied")
        parts = self.path.split("/")
        if parts[1:3] != ["v1", "transit"] or len(parts) != 5:
            return self.refuse(404, f"no handler for route {self.path!r}")
        key = KEYS.get((self.headers.get("X-Vault-Namespace", ""), parts[4]))
        if key is None:
            return self.refuse(400, "encryption key not found")
        associated = base64.b64decode(question["associated_data"], validate=True)
        if parts[3] == "encrypt":
            sealed = encrypt(key, base64.b64decode(question["plaintext"], validate=True), associated)
            return self.answer(200, {"data": {"ciphertext": "vault:v1:" + base64.b64encode(sealed).decode(), "key_version": 1}})
        try:
            sealed = base64.b64decode(question["ciphertext"].removeprefix("vault:v1:"), validate=True)
            self.answer(200, {"data": {"plaintext": base64.b64encode(decrypt(key, sealed, associated)).decode()}})
        except ValueError:
            self.refuse(400, "cipher: message authentication failed")

    def do_GET(self):
        self.answer(200, {"initialized": True, "sealed": False})

    def refuse(self, status, sentence):
        self.answer(status, {"errors": [sentence]})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        # Those who do not trust a certificate go away in the middle.
        pass


options = argparse.ArgumentParser()
options.add_argument("--certificate")
options.add_argument("--key")
options = options.parse_args()
server = Server(("127.0.0.1", 0), Transit)
if options.certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.certificate, options.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_address[1], "token": TOKEN}), flush=True)
sys.stdin.read()
