import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { VaultPlace } from '../../src/vault/vault.ts';
import { change, placeIn, put } from './place.ts';

/** A folder that is gone after the test. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-vault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder that has any of the texts in it, as it stands on the disk. */
export function filesWith(folder: string, texts: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = join(folder, name);
    if (!statSync(file).isFile()) return false;
    const bytes = readFileSync(file);
    return texts.some((text) => bytes.includes(text));
  });
}

export const VALUE = 'sk_live_9fQ2hX7cLwZ0aB';
export const OTHER = 'ghp_Jw83kdPq0ZrTn5Yb';

/** What is said of a wrong key, and of a changed file. */
export const CLOSED = /does not open it: it is another key, or the file was changed/;

/** A vault with two secrets. */
export async function filled(): Promise<{ readonly folder: string; readonly place: VaultPlace }> {
  const folder = openFolder();
  const place = placeIn(folder);
  const described = {
    kind: 'put',
    name: 'GITHUB_TOKEN',
    value: OTHER,
    description: 'for the robot',
  } as const;
  await change(place, put('STRIPE_KEY', VALUE), described);
  return { folder, place };
}

export interface Box {
  nonce: string;
  sealed: string;
}

/** A vault as it stands on the disk, for whoever changes it. */
export interface Document {
  id: string;
  generation: number;
  mac: string;
  wrapped: Box & { cost: { n: number } };
  entries: [Entry, Entry];
}

type Entry = Box & { name: string; version: number; description?: string };

/** Changes a vault as somebody without its key can. */
export function edit(file: string, alter: (document: Document) => void): void {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  alter(document);
  writeFileSync(file, JSON.stringify(document));
}
