import { join } from 'node:path';
import { AegisError, parseCheckpoint, parseNote, type VerifierKey, verifierKey } from '@aegis/core';
import { digest, sha256 } from '../../platform.ts';
import { generateKey, readKey, type SigningKey } from '../keys/key-pair.ts';
import { makePrivateFolder, readPrivate, replacePrivate } from '../keys/private-file.ts';
import type { Seen } from './judge.ts';

/** A witness's folder: its key, and per log the newest note that it has cosigned. */
export class WitnessState {
  readonly key: VerifierKey;
  readonly signing: SigningKey;
  readonly #folder: string;

  private constructor(folder: string, signing: SigningKey) {
    this.#folder = folder;
    this.signing = signing;
    const name = `aegis-witness-${sha256(signing.publicKey).slice(0, 12)}`;
    this.key = verifierKey(name, 'ed25519-cosignature', signing.publicKey, digest);
  }

  /** Opens the folder; makes it, and the key, when there is none. Fails with `CONFIG_INVALID`. */
  static async open(folder: string): Promise<WitnessState> {
    await makePrivateFolder(folder);
    const file = join(folder, 'witness.pem');
    const pem = await readPrivate(file);
    if (pem !== undefined) return new WitnessState(folder, readKey(pem, file));
    const made = generateKey();
    await replacePrivate(file, made.pem);
    return new WitnessState(folder, made.key);
  }

  /** The note that was cosigned last of a log, by the hash of its origin. Fails with `CONFIG_INVALID`. */
  note(originHash: string): Promise<string | undefined> {
    return readPrivate(this.#file(originHash));
  }

  /**
   * What was cosigned last of a log; undefined when nothing was. Fails with `CONFIG_INVALID`.
   *
   * SECURITY: a note that cannot be read is not taken for none: the log could begin again behind it.
   */
  async seen(origin: string): Promise<Seen | undefined> {
    const text = await this.note(sha256(origin));
    if (text === undefined) return undefined;
    const note = parseNote(text);
    const checkpoint = typeof note === 'string' ? note : parseCheckpoint(note.text, 'keep');
    if (typeof checkpoint !== 'string' && checkpoint.origin === origin) return checkpoint;
    throw new AegisError(
      'CONFIG_INVALID',
      `\`${this.#file(sha256(origin))}\` is not a checkpoint of \`${origin}\``,
    );
  }

  /** Durable when this resolves. */
  keep(origin: string, note: string): Promise<void> {
    return replacePrivate(this.#file(sha256(origin)), note);
  }

  #file(originHash: string): string {
    return join(this.#folder, `${originHash}.note`);
  }
}
