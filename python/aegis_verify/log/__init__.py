"""Transparency logs: RFC 6962 trees and the C2SP formats of notes, checkpoints, cosignatures, tiles and
proofs.
"""
