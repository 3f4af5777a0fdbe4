import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

// What the packages that this repository uses are made of: sources, types, documents, manifests.
const PACKAGES = fileURLToPath(new URL('../../../../../node_modules/', import.meta.url));
const READ = /\.(?:[cm]?[jt]s|json|md|map)$/;
// Tests hold made-up credentials.
const LEFT_OUT = /(?:^|\/)(?:\.[^/]*|@aegis|tests?|__tests__|fixtures)\//;
const LONGEST = 60_000;
const MOST = 8_000_000;

function sources(): readonly string[] {
  const files = readdirSync(PACKAGES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .filter((path) => READ.test(path) && !LEFT_OUT.test(path.slice(PACKAGES.length)))
    .toSorted();
  const texts: string[] = [];
  let length = 0;
  // Some of every package.
  for (let at = 0; at < files.length && length < MOST; at += 7) {
    const text = readFileSync(files[at] ?? '', 'utf8').slice(0, LONGEST);
    texts.push(text);
    length += text.length;
  }
  return texts;
}

describe('sources without credentials', () => {
  it('hold hardly anything that is taken for one', () => {
    const texts = sources();
    const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
    expect(megabytes).toBeGreaterThan(5);
    const found = texts.flatMap((text) =>
      findSecrets(text)
        .filter(({ example }) => !example)
        .map(({ kind, start, end }) => `${kind} ${text.slice(start, Math.min(end, start + 80))}`),
    );
    expect(found.length / megabytes, found.join('\n')).toBeLessThan(1);
  });
});
