import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AegisError, parseVerifierKey, type VerifierKey } from '@aegis/core';
import { digest } from '../../platform.ts';
import type { Arguments, Terminal } from '../command.ts';

/** Largest note, proof or event that is read. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The text of an option; undefined when it was not given. */
export function textOf({ options }: Arguments, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The text of an option that must be given. Fails with `USAGE`. */
export function requiredText(args: Arguments, name: string, why: string, command: string): string {
  const value = textOf(args, name)?.trim();
  if (value !== undefined && value !== '') return value;
  throw new AegisError('USAGE', `${why}: --${name}`, { help: `${command} --help` });
}

/** The keys of logs that were given with `--key`. Fails with `USAGE`. */
export function logKeys(args: Arguments): readonly VerifierKey[] {
  return keysIn(args, 'key', 'ed25519', 'of a witness, not of a log');
}

/** The keys of witnesses that were given with `--witness`. Fails with `USAGE`. */
export function witnessKeys(args: Arguments): readonly VerifierKey[] {
  return keysIn(args, 'witness', 'ed25519-cosignature', 'of a log, not of a witness');
}

function keysIn(
  { options }: Arguments,
  name: string,
  algorithm: VerifierKey['algorithm'],
  other: string,
): readonly VerifierKey[] {
  const given = options[name];
  const texts = Array.isArray(given) ? (given as readonly string[]) : [];
  return texts.map((text) => {
    const key = parseVerifierKey(text.trim(), digest);
    if (typeof key === 'string') {
      throw new AegisError('USAGE', `--${name}: ${key}`, {
        help: '`aegis ledger checkpoint` shows the key of a log, `aegis witness` its own',
      });
    }
    if (key.algorithm === algorithm) return key;
    throw new AegisError('USAGE', `--${name}: \`${key.name}\` is the key ${other}`);
  });
}

/** The text of a file that an option names; undefined when it was not given. Fails with `FILE_UNREADABLE`. */
export async function fileOf(args: Arguments, name: string, { cwd }: Terminal): Promise<string | undefined> {
  const path = textOf(args, name);
  return path === undefined ? undefined : readGiven(resolve(cwd, path));
}

async function readGiven(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new AegisError('FILE_UNREADABLE', `\`${path}\` is too large`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof AegisError) throw error;
    const why = error instanceof TypeError ? 'not UTF-8' : (error as NodeJS.ErrnoException).code;
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${path}\`: ${why ?? 'unknown error'}`);
  }
}
