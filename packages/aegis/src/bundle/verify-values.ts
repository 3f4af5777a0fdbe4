import { type BundledEvent, commitmentsOf, counted, type Envelope, parseBlobLine } from '@aegis/core';
import { sha256 } from '../platform.ts';
import type { LineFile } from './line-file.ts';
import type { Findings } from './report.ts';

const FILE = 'blobs.jsonl';

interface Value {
  readonly line: number;
  readonly hash: string;
  readonly bytes: Uint8Array;
}

/** A commitment without a value. */
interface Absent {
  readonly line: number;
  readonly leaf: number;
  readonly session: string;
  readonly seq: number;
}

/** Holds the sealed values against the commitments of the events, both in the same order. */
export class ValueCheck {
  readonly #file: LineFile;
  readonly #found: Findings;
  readonly #absent = new Map<string, Absent>();
  #line = 0;
  #ahead: Value | 'end' | undefined;
  #values = 0;
  #erased = 0;

  constructor(file: LineFile, found: Findings) {
    this.#file = file;
    this.#found = found;
  }

  async next({ line, leaf }: BundledEvent, envelope: Envelope): Promise<void> {
    const { session_id: session, seq } = envelope;
    for (const { h, n } of commitmentsOf(envelope)) {
      this.#ahead ??= await this.#read();
      const value = this.#ahead;
      if (value === 'end' || value.hash !== h) {
        this.#absent.set(h, { line, leaf, session, seq });
        continue;
      }
      this.#ahead = undefined;
      this.#values += 1;
      if (value.bytes.length === n && sha256(value.bytes) === h) continue;
      const message = `the value in line ${value.line} of ${FILE} is not the one that was committed to`;
      const place = { file: 'events.jsonl', line, leaf, session, seq };
      this.#found.add({ level: 'values', kind: 'value-mismatch', ...place, message });
    }
  }

  /** After the last event: what is absent must have been erased on record, and nothing may be left over. */
  async end(wasErased: (hash: string) => boolean): Promise<void> {
    this.#ahead ??= await this.#read();
    if (this.#ahead !== 'end') {
      const message = 'no event has a commitment to it in this place';
      this.#found.add({
        level: 'values',
        kind: 'value-unexpected',
        file: FILE,
        line: this.#ahead.line,
        message,
      });
    }
    for (const [hash, place] of this.#absent) {
      if (wasErased(hash)) {
        this.#erased += 1;
        continue;
      }
      const message = `the sealed value ${hash} is not there, and no event says that it was erased`;
      this.#found.add({ level: 'values', kind: 'value-missing', file: 'events.jsonl', ...place, message });
    }
  }

  summary(): string {
    return `${counted(this.#values, 'value')}${this.#erased > 0 ? `, ${this.#erased} erased on record` : ''}`;
  }

  async #read(): Promise<Value | 'end'> {
    for (;;) {
      this.#line += 1;
      const bytes = await this.#file.next();
      if (bytes === 'end') return 'end';
      const parsed =
        typeof bytes === 'string'
          ? undefined
          : parseBlobLine(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'));
      const value = parsed && Buffer.from(parsed.base64, 'base64');
      if (parsed !== undefined && value?.toString('base64') === parsed.base64) {
        return { line: this.#line, hash: parsed.hash, bytes: value };
      }
      const message = 'it is not a sealed value in its canonical form';
      this.#found.add({ level: 'values', kind: 'bad-line', file: FILE, line: this.#line, message });
      if (bytes === 'unended') return 'end';
    }
  }
}
