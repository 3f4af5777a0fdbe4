import {
  type CompiledPattern,
  type ContentScan,
  type ContentTexts,
  compilePersonalPattern,
  type Finding,
  isJsonObject,
  type KnownValues,
  type MaskedResult,
  maskResult,
  type PersonalPattern,
  parseExact,
  scanTextsAtOnce,
} from '@aegis/core';

/** Work on large content, as it travels to another thread: nothing in it is a function. */
export type Job =
  | {
      readonly kind: 'scan';
      readonly texts: ContentTexts;
      readonly scan: Pick<ContentScan, 'direction' | 'text' | 'secrets'>;
      readonly patterns: readonly PersonalPattern[] | undefined;
    }
  | {
      readonly kind: 'mask';
      /** The content as text: numbers that no double holds do not travel otherwise. */
      readonly json: string;
      readonly masks: readonly (string | PersonalPattern)[];
    };

/** What came of it. */
export type Done =
  | { readonly kind: 'scan'; readonly findings: readonly Finding[] }
  /** `json` is absent where nothing had to be masked. */
  | (Omit<MaskedResult, 'result'> & { readonly kind: 'mask'; readonly json?: string });

/** Does the work. Throws what an inspector throws. */
export function work(job: Job, known: KnownValues, compile: Compile): Done {
  if (job.kind === 'scan') {
    const { scan, patterns, texts } = job;
    const personal = patterns === undefined ? {} : { personal: patterns.map(compile) };
    return { kind: 'scan', findings: scanTextsAtOnce(texts, { ...scan, ...personal, known }) };
  }
  const parsed = parseExact(job.json);
  if (!parsed.ok || !isJsonObject(parsed.value)) throw new TypeError('content that is no object');
  const masks = job.masks.map((mask) => (typeof mask === 'string' ? mask : compile(mask)));
  const { result, ...counted } = maskResult(parsed.value, masks, known);
  const changed = result === parsed.value ? {} : { json: JSON.stringify(result) };
  return { kind: 'mask', ...counted, ...changed };
}

type Compile = (pattern: PersonalPattern) => CompiledPattern;

/** Most patterns that are kept compiled. */
const MOST_PATTERNS = 256;

/** Compiles each pattern once. */
export function patternCompiler(): Compile {
  const compiled = new Map<string, CompiledPattern>();
  return (personal) => {
    const { name, pattern, action } = personal;
    const key = JSON.stringify([name, pattern, action]);
    const known = compiled.get(key) ?? compilePersonalPattern({ name, pattern, action });
    if (typeof known === 'string') throw new TypeError(known);
    if (compiled.size >= MOST_PATTERNS) compiled.clear();
    compiled.set(key, known);
    return known;
  };
}

/** A pattern without its function. */
export function written({ name, pattern, action }: PersonalPattern): PersonalPattern {
  return { name, pattern, action };
}
