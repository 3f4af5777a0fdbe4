"""Counts the words of the files that are named."""

import sys


def count(path: str) -> int:
    with open(path, encoding="utf-8") as text:
        return sum(len(line.split()) for line in text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {count(name)}")
