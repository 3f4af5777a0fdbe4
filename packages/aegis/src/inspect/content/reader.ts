import {
  AegisError,
  type ContentScan,
  type ContentTexts,
  type Finding,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type KnownValues,
  type MaskedResult,
  type Masks,
  maskResult,
  parseExact,
  scanTextsAtOnce,
  textsToScan,
} from '@aegis/core';
import type { ContentReader } from '../../ports.ts';
import { written } from './job.ts';
import { isShort } from './length.ts';
import { ContentPool, POOL_LIMITS, type PoolLimits } from './pool.ts';

/** Longer content is read in another thread, in UTF-16 units. */
export const INLINE_LENGTH = 65_536;

/** Reads content: what is small at once, what is large in other threads. */
export class ThreadedReader implements ContentReader {
  readonly #pool: ContentPool;

  constructor(limits: PoolLimits = POOL_LIMITS) {
    this.#pool = new ContentPool(limits);
  }

  /** How many threads there are now. */
  get threads(): number {
    return this.#pool.threads;
  }

  scan(value: JsonValue, scan: ContentScan): readonly Finding[] | Promise<readonly Finding[]> {
    const texts = textsToScan(value, scan);
    const length = lengthOf(texts);
    return length <= INLINE_LENGTH ? scanTextsAtOnce(texts, scan) : this.#scanElsewhere(texts, length, scan);
  }

  mask(content: JsonObject, masks: Masks, known: KnownValues): MaskedResult | Promise<MaskedResult> {
    return isShort(content, INLINE_LENGTH)
      ? maskResult(content, masks, known)
      : this.#maskElsewhere(content, masks, known);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #scanElsewhere(
    texts: ContentTexts,
    length: number,
    { direction, text, secrets, personal, known }: ContentScan,
  ): Promise<readonly Finding[]> {
    const patterns = personal?.map(written);
    const job = { kind: 'scan', texts, scan: { direction, text, secrets }, patterns } as const;
    const settled = await this.#pool.run(job, length, known);
    return settled.kind === 'scan' ? settled.findings : [unscanned(settled)];
  }

  async #maskElsewhere(content: JsonObject, masks: Masks, known: KnownValues): Promise<MaskedResult> {
    const json = JSON.stringify(content);
    const listed = masks.map((mask) => (typeof mask === 'string' ? mask : written(mask)));
    const settled = await this.#pool.run({ kind: 'mask', json, masks: listed }, json.length, known);
    // SECURITY: what could not be cleared is not released.
    if (settled.kind !== 'mask') throw unmasked(settled);
    const { kind: _, json: changed, ...counted } = settled;
    if (changed === undefined) return { ...counted, result: content };
    const parsed = parseExact(changed);
    if (!parsed.ok || !isJsonObject(parsed.value)) throw unmasked(settled);
    return { ...counted, result: parsed.value };
  }
}

function lengthOf({ texts }: ContentTexts): number {
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}

/** SECURITY: content that nobody read is not harmless: a call that has it is denied. */
function unscanned(settled: { readonly kind: string; readonly why?: string }): Finding {
  return {
    id: 'text.unscanned',
    at: '',
    severity: 'high',
    message: `could not be read: ${settled.why ?? 'another answer came'}`,
    denies: 'INTERNAL_ERROR',
  };
}

function unmasked(settled: { readonly kind: string; readonly why?: string }): AegisError {
  return new AegisError('INTERNAL', `a result could not be masked: ${settled.why ?? 'another answer came'}`);
}
