"""The blind function is that of RFC 9497: its vectors, and a plain twin that was written apart."""

from __future__ import annotations

import secrets
from typing import Final

import pytest
from voprf import ristretto

import voprf_twin as twin
from didban.errors import BadSignature, Malformed
from didban.exchange.blind import oprf

# RFC 9497, A.1.2: ristretto255-SHA512, VOPRF mode.
SEED: Final = bytes.fromhex("a3" * 32)
KEY_INFO: Final = b"test key"
PUBLIC: Final = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
SECRET: Final = "e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909"
BLIND: Final = "64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706"
OTHER_BLIND: Final = "222a5e897cf59db8145db8d16e597e8facb80ae7d4e26d9881aa6f61d645fc0e"
INPUTS: Final = (b"\0", b"\x5a" * 17)
OUTPUTS: Final = (
    (
        "b58cfbe118e0cb94d79b5fd6a6dafb98764dff49c14e1770b566e42402da1a7d"
        "a4d8527693914139caee5bd03903af43a491351d23b430948dd50cde10d32b3c"
    ),
    (
        "8a9a2f3c7f085b65933594309041fc1898d42d0858e59f90814ae90571a6df60"
        "356f4610bf816f27afdd84f47719e480906d27ecd994985890e5f539e7ea74b6"
    ),
)
# (inputs, blinds, blinded elements, evaluated elements, random number of the proof, proof)
VECTORS: Final = (
    (
        INPUTS[:1],
        (BLIND,),
        ("863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",),
        ("aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",),
        OTHER_BLIND,
        (
            "ddef93772692e535d1a53903db24367355cc2cc78de93b3be5a8ffcc6985dd06"
            "6d4346421d17bf5117a2a1ff0fcb2a759f58a539dfbe857a40bce4cf49ec600d"
        ),
    ),
    (
        INPUTS[1:],
        (BLIND,),
        ("cc0b2a350101881d8a4cba4c80241d74fb7dcbfde4a61fde2f91443c2bf9ef0c",),
        ("60a59a57208d48aca71e9e850d22674b611f752bed48b36f7a91b372bd7ad468",),
        OTHER_BLIND,
        (
            "401a0da6264f8cf45bb2f5264bc31e109155600babb3cd4e5af7d181a2c9dc0a"
            "67154fabf031fd936051dec80b0b6ae29c9503493dde7393b722eafdf5a50b02"
        ),
    ),
    (
        INPUTS,
        (BLIND, OTHER_BLIND),
        (
            "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
            "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
        ),
        (
            "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
            "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
        ),
        "419c4f4f5052c53c45f3da494d2b67b220d02118e0857cdbcf037f9ea84bbe0c",
        (
            "cc203910175d786927eeb44ea847328047892ddf8590e723c37205cb74600b0a"
            "5ab5337c8eb4ceae0494c2cf89529dcf94572ed267473d567aeed6ab873dee08"
        ),
    ),
)


def number(text: str) -> int:
    """Return a number of the vectors."""
    return int.from_bytes(bytes.fromhex(text), "little")


def points(texts) -> list[twin.Point]:
    """Return points of the vectors."""
    return [twin.decode(bytes.fromhex(text)) for text in texts]


@pytest.fixture(scope="module")
def key() -> int:
    """Return the private key of the vectors."""
    return twin.derive_key(SEED, KEY_INFO)


def test_the_key_is_derived_as_the_standard_says(key: int):
    """By the library and by the twin."""
    ours = ristretto.Evaluator.from_seed(SEED, KEY_INFO)
    assert key == number(SECRET)
    assert (key * twin.BASE).encode().hex() == ours.public_key.serialize().hex() == PUBLIC


def test_the_library_gives_the_outputs_of_the_standard():
    """What the owner computes of what it knows."""
    ours = ristretto.Evaluator.from_seed(SEED, KEY_INFO)
    for text, expected in zip(INPUTS, OUTPUTS, strict=True):
        assert ours.evaluate_known_input(text).hex() == expected


@pytest.mark.parametrize("vector", VECTORS, ids=("1", "2", "3"))
def test_the_library_evaluates_as_the_standard_says(vector):
    """The elements are those of the vectors, and the twin finds that the library's proof holds."""
    _, _, blinded, evaluated, _, _ = vector
    ours = ristretto.Evaluator.from_seed(SEED, KEY_INFO)
    read = [ristretto.BlindedInput.deserialize(bytes.fromhex(text)) for text in blinded]
    answer = ours.evaluate_batch(read).serialize()
    assert answer[64:].hex() == "".join(evaluated)
    public = twin.decode(bytes.fromhex(PUBLIC))
    assert twin.holds(public, points(blinded), points(evaluated), answer[:64])


@pytest.mark.parametrize("vector", VECTORS, ids=("1", "2", "3"))
def test_the_twin_gives_every_number_of_the_standard(key: int, vector):
    """Blinded, evaluated, proof and output, batches too."""
    inputs, blinds, blinded, evaluated, random, proof = vector
    made = [number(r) * twin.hash_to_group(t) for t, r in zip(inputs, blinds, strict=True)]
    assert [point.encode().hex() for point in made] == list(blinded)
    answered = [key * point for point in made]
    assert [point.encode().hex() for point in answered] == list(evaluated)
    assert twin.prove(key, made, answered, number(random)).hex() == proof
    for text, blind, point in zip(inputs, blinds, answered, strict=True):
        unblinded = pow(number(blind), -1, twin.ORDER) * point
        assert twin.output(text, unblinded).hex() == OUTPUTS[INPUTS.index(text)]


def test_what_the_twin_evaluates_the_node_accepts_and_what_it_proves_wrongly_it_refuses():
    """An owner with another implementation can be asked."""
    key = secrets.randbelow(twin.ORDER - 1) + 1
    blinding = oprf.Blinding.of([b"document/xar/A12345678"])
    elements = [twin.decode(blinding.elements[at : at + 32]) for at in range(0, 16 * 32, 32)]
    evaluated = [key * element for element in elements]
    sent = b"".join(point.encode() for point in evaluated)
    public = (key * twin.BASE).encode()
    proof = twin.prove(key, elements, evaluated, secrets.randbelow(twin.ORDER))
    expected = twin.output(
        b"document/xar/A12345678", key * twin.hash_to_group(b"document/xar/A12345678")
    )
    assert blinding.finish(proof + sent, public) == [oprf.tag_of(expected)]
    with pytest.raises(BadSignature):
        blinding.finish(proof + sent, ((key + 1) * twin.BASE).encode())


def test_what_is_no_point_is_refused_by_both():
    """The identity too: it would take the blind off."""
    key = oprf.OwnerKey(b"k" * 32, b"s" * 32, b"context")
    for raw in (bytes(32), b"\xff" * 32, b"\x01" + bytes(31), (twin.P + 2).to_bytes(32, "little")):
        with pytest.raises(Malformed):
            key.evaluate(raw)
        if raw != bytes(32):
            with pytest.raises(ValueError, match=r"."):
                twin.decode(raw)


def test_a_key_of_another_reader_epoch_or_salt_is_another_key():
    """Nothing joins two lists."""
    keys = {
        oprf.OwnerKey(secret, salt, context).public
        for secret in (b"a" * 32, b"b" * 32)
        for salt in (b"c" * 32, b"d" * 32)
        for context in (b"xbo/documents/1", b"xbo/documents/2", b"xca/documents/1")
    }
    assert len(keys) == 12
