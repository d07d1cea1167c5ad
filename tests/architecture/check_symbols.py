#!/usr/bin/env python3
"""The daemon never holds a secret key: croftd uses no signing function of libsodium.

The second program given is croft, which does sign: it shows that this test would see the difference.
"""
import subprocess
import sys

SIGNING = ("crypto_sign_detached", "crypto_sign_keypair", "crypto_sign_seed_keypair", "crypto_sign_final_create",
           "crypto_pwhash_scryptsalsa208sha256", "crypto_pwhash_scryptsalsa208sha256_ll")


def signing_symbols(program):
    command = ["nm", "-D", "--undefined-only", program]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    named = {line.split()[-1].split("@")[0] for line in listed.splitlines() if line.split()}
    return sorted(named.intersection(SIGNING))


daemon, command = (signing_symbols(program) for program in sys.argv[1:3])
print("croftd:", daemon or "cannot sign", "| croft:", command)
sys.exit(bool(daemon) or not command)
