"""The two notes of a bundle: who signed them, that one covers the other, and who cosigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..log.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ..log.cosignature import verify_cosignatures
from ..log.key import BadKey, VerifierKey
from ..log.note import BadNote, Note, parse_note
from .anchors import Anchors
from .files import BundleFiles
from .finding import Finding, Findings
from .installation import parse_installation_proof
from .manifest import CHECKPOINT, INSTALLATION, INSTALLATION_CHECKPOINT, KEYS, Manifest
from .trust import Trust, parse_bundle_keys, trust_of

MAX_NOTE_BYTES = 1024 * 1024

_OLDER = "the older checkpoint"
_GROUNDS = {
    "given": "signed by a key that was given",
    "older_checkpoint": "signed by the key of the older checkpoint",
    "first_use": "signed by the keys in the bundle: whether they are the right ones, nobody has said",
}

_SignedText = tuple[Note, Checkpoint]


@dataclass(frozen=True)
class CheckedNotes:
    """What is believed after the notes were verified."""

    trust: Trust
    # The older checkpoint, when its signature is believed.
    older: Checkpoint | None


def check_notes(
    files: BundleFiles, manifest: Manifest, anchors: Anchors, found: Findings
) -> CheckedNotes | None:
    """Verifies everything that is signed; None when it is not there."""
    texts = _read_all(files, found)
    if texts is None:
        found.add(Finding("checkpoint", "bad-note", "what it takes to verify it is not there"))
        return None
    trust = trust_of(anchors, _bundled_keys(texts[KEYS], manifest, found), manifest.names)
    signed = _check_note(texts[CHECKPOINT], CHECKPOINT, trust, found)
    whole = _check_note(texts[INSTALLATION_CHECKPOINT], INSTALLATION_CHECKPOINT, trust, found)
    if signed is not None:
        expected = Checkpoint(manifest.names.origin, manifest.size, manifest.root)
        if signed[1] != expected:
            message = "it is over another log, size or root than bundle.json says"
            found.add(Finding("checkpoint", "note-mismatch", message, file=CHECKPOINT))
        if whole is not None:
            _check_covering(texts[INSTALLATION], signed, whole, manifest, found)
    found.proved("checkpoint", _GROUNDS[trust.ground])
    _check_witnesses([one[0] for one in (signed, whole) if one is not None], anchors.witnesses, trust, found)
    return CheckedNotes(trust, _check_older(anchors.older, trust, manifest, found))


def _read_all(files: BundleFiles, found: Findings) -> dict[str, str] | None:
    texts: dict[str, str] = {}
    paths = (CHECKPOINT, INSTALLATION_CHECKPOINT, INSTALLATION, KEYS)
    for path in paths:
        data = files.read(path, MAX_NOTE_BYTES)
        if data is None:
            continue
        try:
            texts[path] = data.decode()
        except UnicodeDecodeError:
            found.add(Finding("checkpoint", "bad-note", "it is not UTF-8", file=path))
    return texts if len(texts) == len(paths) else None


def _bundled_keys(text: str, manifest: Manifest, found: Findings) -> Sequence[VerifierKey]:
    try:
        return parse_bundle_keys(text, manifest.names.origin)
    except BadKey as error:
        found.add(Finding("checkpoint", "bad-keys", str(error), file=KEYS))
        return ()


def _check_note(text: str, path: str, trust: Trust, found: Findings) -> _SignedText | None:
    """Verifies the log's own signature; what can be read is answered even when nobody has signed it."""
    try:
        note = parse_note(text)
        checkpoint = parse_checkpoint(note.text)
    except BadNote as error:
        found.add(Finding("checkpoint", "bad-note", str(error), file=path))
        return None
    try:
        open_checkpoint(text, trust.keys)
    except BadNote as error:
        found.add(Finding("checkpoint", "bad-signature", str(error), file=path))
    return note, checkpoint


def _check_covering(
    proof_text: str, signed: _SignedText, whole: _SignedText, manifest: Manifest, found: Findings
) -> None:
    proof = parse_installation_proof(proof_text)
    if proof is None:
        message = "it is not the canonical JSON of a proof"
        found.add(Finding("checkpoint", "installation-mismatch", message, file=INSTALLATION))
        return
    checkpoint = whole[1]
    if checkpoint.origin != manifest.names.installation or checkpoint.size != proof.size:
        message = "it is over another log or size than installation.json says"
        found.add(Finding("checkpoint", "note-mismatch", message, file=INSTALLATION_CHECKPOINT))
    elif not proof.covers(signed[0].text, checkpoint.root):
        message = "it does not show that the log of the installation has the checkpoint"
        found.add(Finding("checkpoint", "installation-mismatch", message, file=INSTALLATION))


def _check_witnesses(
    notes: Sequence[Note], witnesses: Sequence[VerifierKey], trust: Trust, found: Findings
) -> None:
    if not witnesses:
        own = {key.key_id for key in trust.keys}
        foreign = sum(signature.key_id not in own for note in notes for signature in note.signatures)
        found.unproved("witnesses", f"no witness key was given; signatures of unknown keys: {foreign}")
        return
    seen: set[VerifierKey] = set()
    for note in notes:
        try:
            seen.update(cosignature.by for cosignature in verify_cosignatures(note, witnesses))
        except BadNote as error:
            found.add(Finding("witnesses", "bad-signature", str(error)))
    for witness in witnesses:
        if witness not in seen:
            message = f"witness `{witness.name}` has cosigned neither note"
            found.add(Finding("witnesses", "missing-cosignature", message))
    found.proved("witnesses", f"{len(witnesses)} cosigned")


def _check_older(text: str | None, trust: Trust, manifest: Manifest, found: Findings) -> Checkpoint | None:
    if text is None:
        found.unproved("consistency", "no older checkpoint was given")
        return None
    try:
        checkpoint = open_checkpoint(text, trust.keys).checkpoint
    except BadNote as error:
        found.add(Finding("consistency", "bad-note", str(error), file=_OLDER))
        return None
    origin = manifest.names.origin
    if checkpoint.origin != origin:
        message = f"it is a checkpoint of `{checkpoint.origin}`, and the bundle is of `{origin}`"
        found.add(Finding("consistency", "bad-note", message, file=_OLDER))
        return None
    return checkpoint
