import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault } from '../../src/vault/vault.ts';
import { type Box, CLOSED, type Document, edit, filled } from './ground.ts';
import { change, keyFile, placeIn, put } from './place.ts';

describe('whoever changes the file', () => {
  const attacks: readonly (readonly [string, (document: Document, older: Document) => void])[] = [
    [
      'swaps the values of two secrets',
      ({ entries: [a, b] }) => {
        [a.nonce, b.nonce] = [b.nonce, a.nonce];
        [a.sealed, b.sealed] = [b.sealed, a.sealed];
      },
    ],
    [
      'renames a secret',
      ({ entries: [a] }) => {
        a.name = 'AAA';
      },
    ],
    [
      'puts an older value back',
      ({ entries }, older) => {
        entries[1] = older.entries[1];
      },
    ],
    [
      'puts an older value back under the newest version',
      ({ entries }, older) => {
        entries[1] = { ...older.entries[1], version: entries[1].version };
      },
    ],
    [
      'changes a description',
      ({ entries: [a] }) => {
        a.description = 'for somebody else';
      },
    ],
    [
      'takes a secret out',
      ({ entries }) => {
        entries.pop();
      },
    ],
    [
      'counts the changes anew',
      (document) => {
        document.generation = 1;
      },
    ],
    [
      'seals it with the key of another vault',
      (document) => {
        document.id = '0'.repeat(32);
      },
    ],
    [
      'takes the seal away',
      (document) => {
        document.mac = '';
      },
    ],
  ];

  test.each(attacks)('and %s is found out', async (_, attack) => {
    const { place } = await filled();
    const older = JSON.parse(readFileSync(place.file, 'utf8'));
    await change(place, put('STRIPE_KEY', 'newer'));
    edit(place.file, (document) => attack(document, older));
    await expect(openVault(place)).rejects.toThrow(CLOSED);
    await expect(change(place, put('X', 'y'))).rejects.toThrow(CLOSED);
  });

  test('at any single character of a ciphertext is found out', async () => {
    const { place } = await filled();
    const text = readFileSync(place.file, 'utf8');
    const { wrapped, entries, mac } = JSON.parse(text);
    const boxes = [
      wrapped.sealed,
      wrapped.nonce,
      mac,
      ...entries.flatMap((one: Box) => [one.nonce, one.sealed]),
    ];
    for (const box of boxes) {
      // Of base64, the last character can hold bits that mean nothing.
      for (let at = 0; at < box.length - 3; at++) {
        const changed = box.slice(0, at) + (box[at] === 'A' ? 'B' : 'A') + box.slice(at + 1);
        writeFileSync(place.file, text.replace(box, changed));
        await expect(openVault(place)).rejects.toThrow(CLOSED);
      }
    }
  });

  test('learns nothing from the answer to a wrong key that a changed file does not say', async () => {
    const { folder, place } = await filled();
    const wrong = placeIn(folder, keyFile(join(folder, 'other-key')));
    await wrong.key.prepare();
    const said = await openVault(wrong).catch(String);
    expect(said).toMatch(CLOSED);
    edit(place.file, (document: Document) => {
      document.entries[0].version = 7;
    });
    const changed = await openVault(place).catch(String);
    expect(String(changed).replace('outside/key', 'other-key')).toBe(said);
  });

  test.each([['not json'], ['{}'], ['{"format":"aegis.dev/vault/v2"}'], ['']])(
    'into %j is told that it is no vault',
    async (text) => {
      const { place } = await filled();
      writeFileSync(place.file, text);
      await expect(openVault(place)).rejects.toThrow(/it is not a vault of this version/);
    },
  );
});
