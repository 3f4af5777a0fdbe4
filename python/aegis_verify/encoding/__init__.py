"""Texts that stand for bytes, numbers and JSON values in exactly one way."""
