"""Who signed a plugin's file: a detached Ed25519 signature, held against the keys this installation trusts."""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path

from dezhi.core.errors import Problem
from dezhi.core.text import N_

SIGNATURE_BYTES = 64


def trusted_keys(place: Path | None) -> Mapping[str, bytes]:
    """Read the public keys, each in a PEM file named after its owner; `place` is such a file or a folder of them.

    Raises `Problem` `key-unreadable` for a file that holds no Ed25519 public key, and OSError.
    """
    if place is None:
        return {}
    # late: only what is signed is held against a key, and the library takes 40 ms
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # late: as above

    found = {}
    for file in sorted(place.glob("*.pem")) if place.is_dir() else [place]:
        try:
            key = load_pem_public_key(file.read_bytes())
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise Problem("key-unreadable", N_("%(file)s 里没有 Ed25519 公钥（PEM）。"), file=file.name)
        found[file.stem] = key.public_bytes_raw()
    return found


def signer_of(data: bytes, signature: bytes, keys: Mapping[str, bytes]) -> str:
    """Return whose signature it is. Raises `Problem` `signature-wrong`: by nobody trusted, or not of this file."""
    from cryptography.exceptions import InvalidSignature  # late: as above
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # late: as above

    if len(signature) != SIGNATURE_BYTES:
        try:
            signature = base64.b64decode(signature.strip(), validate=True)
        except binascii.Error:
            signature = b""
    for name, key in keys.items():
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
        except InvalidSignature:
            continue
        return name
    text = N_("没有安装：签名不是可信的人签的，或者签的不是这个文件。什么也没有改。")
    raise Problem("signature-wrong", text)
