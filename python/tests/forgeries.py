"""Damage done to a bundle by somebody who knows the format and has no key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .ledger import (
    ORIGIN,
    Bundle,
)
from .signer import Signer

Damage = Callable[[Bundle], object]


def swap(path: str, one: int, other: int) -> Damage:
    def swapped(lines: list[str]) -> Sequence[str]:
        lines[one], lines[other] = lines[other], lines[one]
        return lines

    return lambda bundle: bundle.edit(path, swapped)


def drop(path: str, at: int) -> Damage:
    return lambda bundle: bundle.edit(path, lambda lines: lines[:at] + lines[at + 1 :])


def again(path: str, at: int) -> Damage:
    return lambda bundle: bundle.edit(path, lambda lines: [*lines[: at + 1], *lines[at:]])


def replace(path: str, old: str, new: str) -> Damage:
    def replaced(bundle: Bundle) -> None:
        text = bundle.files[path].decode()
        assert old in text, old
        bundle.files[path] = text.replace(old, new, 1).encode()
        if path != "bundle.json":
            bundle.agree()

    return replaced


def put(path: str, data: bytes) -> Damage:
    def written(bundle: Bundle) -> None:
        bundle.files[path] = data
        bundle.agree()

    return written


def claim(**claims: Any) -> Damage:
    return lambda bundle: bundle.agree(**claims)


def other_key(bundle: Bundle) -> None:
    stranger = Signer(ORIGIN, b"\x09" * 32)
    text = bundle.files["checkpoint"].decode().partition("\n\n")[0] + "\n"
    bundle.files["checkpoint"] = f"{text}\n{stranger.note_line(text)}".encode()


def cut_tile(path: str) -> Damage:
    return lambda bundle: put(path, bundle.files[path][:-32])(bundle)


def remove(path: str) -> Damage:
    def removed(bundle: Bundle) -> None:
        del bundle.files[path]
        bundle.agree()

    return removed


# Damage done by somebody who knows the format, has no key, and makes bundle.json agree.
FORGERIES: Sequence[tuple[str, Damage, tuple[str, str]]] = (
    ("two events swapped", swap("events.jsonl", 3, 4), ("chain", "chain-gap")),
    ("two leaves swapped", swap("leaves", 3, 4), ("inclusion", "leaf-order")),
    ("an event dropped", drop("events.jsonl", 7), ("events", "bad-line")),
    ("a leaf dropped", drop("leaves", 7), ("events", "bad-line")),
    ("an event twice", again("events.jsonl", 7), ("chain", "out-of-order")),
    (
        "an event changed",
        lambda bundle: bundle.edit_event(6, lambda event: event["payload"].update(message="x")),
        ("inclusion", "leaf-mismatch"),
    ),
    (
        "an event of another tenant",
        lambda bundle: bundle.edit_event(6, lambda event: event.update(tenant_id="other")),
        ("events", "wrong-tenant"),
    ),
    (
        "an event with another seq",
        lambda bundle: bundle.edit_event(6, lambda event: event.update(seq=99)),
        ("chain", "chain-gap"),
    ),
    (
        "an event of another type",
        lambda bundle: bundle.edit_event(6, lambda event: event.update(event_type="NOTHING")),
        ("events", "not-an-envelope"),
    ),
    (
        "keys reordered",
        replace("events.jsonl", '{"event_type":', '{"zzz":1,"event_type":'),
        ("events", "not-canonical"),
    ),
    ("a number respelled", replace("events.jsonl", '"seq":5', '"seq":5.0'), ("events", "not-canonical")),
    ("a key twice", replace("events.jsonl", '"seq":5', '"seq":5,"seq":5'), ("events", "not-canonical")),
    ("white space", replace("events.jsonl", '"seq":5', '"seq": 5'), ("events", "not-canonical")),
    ("no JSON", replace("events.jsonl", '"seq":5', '"seq":'), ("events", "not-canonical")),
    ("an empty line", replace("events.jsonl", "\n", "\n\n"), ("events", "bad-line")),
    ("a carriage return", replace("events.jsonl", "\n", "\r\n"), ("events", "not-canonical")),
    ("a leaf with a leading zero", replace("leaves", "\n5\n", "\n05\n"), ("inclusion", "bad-line")),
    ("a leaf beyond the log", replace("leaves", "\n5\n", "\n99999\n"), ("inclusion", "leaf-order")),
    ("another digit", replace("leaves", "\n5\n", "\n٥\n"), ("inclusion", "bad-line")),
    ("another leaf tile", put("tile/0/000", b"\x01" * 8192), ("inclusion", "tile-mismatch")),
    ("a leaf tile of another length", cut_tile("tile/0/000"), ("inclusion", "bad-tile")),
    ("another edge", put("tile/1/000.p/2", b"\x01" * 64), ("inclusion", "root-mismatch")),
    ("no edge", remove("tile/1/000.p/2"), ("inclusion", "missing-tile")),
    ("no leaf tile", remove("tile/0/001"), ("inclusion", "missing-tile")),
    ("another root", claim(root="00" * 32), ("inclusion", "root-mismatch")),
    ("another size", claim(size=513), ("hashes", "bad-manifest")),
    ("another count", claim(events=1), ("events", "count-mismatch")),
    ("another key", other_key, ("checkpoint", "bad-signature")),
    ("a note of another size", replace("checkpoint", "\n584\n", "\n585\n"), ("checkpoint", "note-mismatch")),
    ("a note with more lines", replace("checkpoint", "\n\n", "\nmore\n\n"), ("checkpoint", "bad-note")),
    ("a note without a signature", replace("checkpoint", "\u2014 ", "- "), ("checkpoint", "bad-note")),
    (
        "another leaf of the installation",
        replace("installation.json", '"leaf":0', '"leaf":1'),
        ("checkpoint", "installation-mismatch"),
    ),
    (
        "another size of the installation",
        replace("installation.json", '"size":1', '"size":2'),
        ("checkpoint", "note-mismatch"),
    ),
    (
        "a proof that is too long",
        replace("installation.json", "[]", f'["{"0" * 64}"]'),
        ("checkpoint", "installation-mismatch"),
    ),
    (
        "a proof in other words",
        replace("installation.json", '{"leaf"', '{ "leaf"'),
        ("checkpoint", "installation-mismatch"),
    ),
    ("no keys", put("keys", b""), ("checkpoint", "bad-keys")),
    (
        "keys without an end",
        lambda bundle: put("keys", bundle.files["keys"][:-1])(bundle),
        ("checkpoint", "bad-keys"),
    ),
    ("a key twice among the keys", again("keys", 0), ("checkpoint", "bad-keys")),
    ("the key of another log", replace("keys", "acme", "acmf"), ("checkpoint", "bad-keys")),
    ("a value dropped", drop("blobs.jsonl", 3), ("values", "value-missing")),
    ("a value twice", again("blobs.jsonl", 3), ("values", "value-unexpected")),
    ("two values swapped", swap("blobs.jsonl", 3, 4), ("values", "value-missing")),
    ("a value in another spelling", replace("blobs.jsonl", '{"b"', '{ "b"'), ("values", "bad-line")),
    ("a value in other base64", replace("blobs.jsonl", '","h"', '=","h"'), ("values", "bad-line")),
    ("another value", replace("blobs.jsonl", '{"b":"', '{"b":"AAAA'), ("values", "value-mismatch")),
)

MANIFESTS: Sequence[tuple[str, str, str]] = (
    ("an unknown member", "{", '{"a":1,'),
    ("a member twice", "{", '{"created_ms":1,'),
    ("white space", "{", "{ "),
    ("another format", "aegis-bundle/1", "aegis-bundle/2"),
    ("a path out of the bundle", '"keys":', '"../keys":'),
    ("an absolute path", '"keys":', '"/keys":'),
    ("a path that programs treat as special", '"keys":', '"__proto__":'),
    ("a tile that the tree does not have", "tile/0/001", "tile/0/007"),
    ("a hash in upper case", '"root":"', '"root":"A'),
    ("an unknown scope", '"kind":"all"', '"kind":"most"'),
    ("a scope with more members", '"kind":"all"', '"kind":"all","session":"s"'),
    ("a range of nothing", '{"kind":"all"}', '{"end":5,"first":5,"from_ms":0,"kind":"range","to_ms":1}'),
    (
        "a range beyond the log",
        '{"kind":"all"}',
        '{"end":900,"first":5,"from_ms":0,"kind":"range","to_ms":1}',
    ),
    ("a tenant that the log is not of", '"tenant":"acme"', '"tenant":"acm"'),
    ("a log of another form", '"origin":"aegis-0', '"origin":"aegis-00'),
    (
        "the second epoch written as the first",
        '"origin":"aegis-0123456789ab',
        '"origin":"aegis-0123456789ab@1',
    ),
    ("more events than leaves", '"events":', '"events":9'),
    ("no leaves", '"size":584', '"size":0'),
    ("a number with a fraction", '"size":584', '"size":584.0'),
    ("a number beyond 2^53", '"created_ms":1', '"created_ms":99999991'),
    ("no line feed", "\n", ""),
    ("no events", '"events.jsonl"', '"schema/EVENTS.json"'),
)
