import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  type Anchors,
  cosignatureMessage,
  parseNote,
  parseVerifierKey,
  signatureLine,
  verifierKey,
  type VerifierKey,
} from '@aegis/core';
import { digest } from '../../packages/aegis/src/platform.ts';
import type { Product } from './product.ts';

/** What a person may bring along, in every combination: good, bad, and of somebody else. */
export function* anchorsOf({ key: text, older: note }: Pick<Product, 'key' | 'older'>): Generator<Anchors> {
  const key = parseVerifierKey(text, digest);
  if (typeof key === 'string') throw new Error(key);
  const installation = key.name.slice(0, key.name.indexOf('/'));
  const whole = verifierKey(installation, 'ed25519', key.publicKey, digest);
  const neighbour = verifierKey(`${installation}/neighbour`, 'ed25519', key.publicKey, digest);
  const stranger = newWitness(key.name, 'ed25519').key;
  const witness = newWitness('witness.example/w1').key;
  const olders = [note, 'no note', note.replace(/\n\d+\n/, '\n7\n'), note.replace(key.name, installation)];
  for (const keys of [[], [key], [whole], [neighbour], [stranger], [stranger, key], [witness]]) {
    for (const witnesses of [[], [witness]]) {
      yield { keys, witnesses };
      for (const older of olders) yield { keys, witnesses, older };
    }
  }
}

export interface Witness {
  readonly key: VerifierKey;
  readonly privateKey: KeyObject;
}

export function newWitness(
  name: string,
  algorithm: VerifierKey['algorithm'] = 'ed25519-cosignature',
): Witness {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { key: verifierKey(name, algorithm, raw, digest), privateKey };
}

/** The line of a witness under a note; a witness that says no time, 0, says nothing. */
export function cosigned({ key, privateKey }: Witness, note: string, time = 1_763_683_200): string {
  const read = parseNote(note);
  if (typeof read === 'string') throw new Error(read);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(time));
  const signature = sign(null, cosignatureMessage(time, read.text), privateKey);
  return signatureLine({ ...key, bytes: new Uint8Array([...bytes, ...signature]) });
}
