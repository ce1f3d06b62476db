#!/usr/bin/env python3
"""The private half of a zone's key in a token of PKCS#11, as docs/zones.md asks for it. Needs the package python-pkcs11.

    zone-key-pkcs11.py --make  --module LIB --token zones --label personal --pin-file PIN > personal.pub
    zone-key-pkcs11.py         --module LIB --token zones --label personal --pin-file PIN

The first makes an X25519 pair that never leaves the token and prints its public half as PEM. The second is what
`personal.program.json` names: one line of JSON in, the shared secret of CKM_ECDH1_DERIVE out. It opens one session, asks
once and ends. Anything that goes wrong ends it without an answer, and the zone is not read.
"""
import argparse
import base64
import json
import os
import sys

import pkcs11
from pkcs11 import KDF, Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass

X25519_OID = bytes.fromhex("06032b656e")  # 1.3.101.110, RFC 8410
SPKI_PREFIX = bytes.fromhex("302a300506032b656e032100")  # up to the 32 bytes of the key
KEY_BYTES = 32
LINE_BYTES_MAX = 1024

# SoftHSM 2.6 has X25519 among the keys of Edwards curves. Tokens that follow PKCS#11 3.0 call it CKK_EC_MONTGOMERY (0x41)
# and make it by CKM_EC_MONTGOMERY_KEY_PAIR_GEN (0x1056).
KEY_TYPE = KeyType.EC_EDWARDS
MAKING = Mechanism.EC_EDWARDS_KEY_PAIR_GEN


def make(session, label):
    held = session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label})
    if list(held):
        raise SystemExit("the token has a key of this label already")
    domain = session.create_domain_parameters(KEY_TYPE, {Attribute.EC_PARAMS: X25519_OID}, local=True)
    public, private = domain.generate_keypair(
        mechanism=MAKING, store=True, label=label, capabilities=MechanismFlag.DERIVE
    )
    if private[Attribute.EXTRACTABLE] or not private[Attribute.SENSITIVE]:
        raise SystemExit("the token gave a key that can be taken out of it")
    encoded = base64.b64encode(SPKI_PREFIX + public[Attribute.EC_POINT][-KEY_BYTES:]).decode()
    print(f"-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----")


def agree(session, label):
    asked = json.loads(sys.stdin.readline(LINE_BYTES_MAX))
    theirs = base64.b64decode(asked["publicKey"], validate=True)
    if asked["zone"] != label or len(theirs) != KEY_BYTES:
        raise SystemExit("this is not what the program was described for")
    private = session.get_key(object_class=ObjectClass.PRIVATE_KEY, key_type=KEY_TYPE, label=label)
    secret = private.derive_key(
        KeyType.GENERIC_SECRET,
        8 * KEY_BYTES,
        mechanism=Mechanism.ECDH1_DERIVE,
        mechanism_param=(KDF.NULL, None, theirs),
        store=False,
        template={Attribute.SENSITIVE: False, Attribute.EXTRACTABLE: True},
    )
    print(json.dumps({"sharedSecret": base64.b64encode(secret[Attribute.VALUE]).decode()}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make", action="store_true", help="make the pair and print its public half")
    parser.add_argument("--module", required=True, help="library of the token")
    parser.add_argument("--token", required=True, help="label of the token")
    parser.add_argument("--label", required=True, help="label of the key, which is the name of its zone")
    parser.add_argument("--pin-file", required=True, help="file that holds the PIN of the user, for its owner only")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="variable the library reads")
    told = parser.parse_args()
    # The product runs programs with an empty environment.
    os.environ.update(one.split("=", 1) for one in told.set)
    with open(told.pin_file, encoding="utf-8") as file:
        pin = file.read().strip()
    token = pkcs11.lib(told.module).get_token(token_label=told.token)
    with token.open(rw=told.make, user_pin=pin) as session:
        (make if told.make else agree)(session, told.label)


if __name__ == "__main__":
    main()
