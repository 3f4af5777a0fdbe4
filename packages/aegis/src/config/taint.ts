import {
  type CallAnswer,
  type Capability,
  DEFAULT_SINKS,
  type Sanitizer,
  type TaintSettings,
  UNTRUSTED,
} from '@aegis/core';
import type { ConfiguredServer } from './configured/parties.ts';
import type { Report } from './routes.ts';
import type { TaintEntry } from './schema.ts';

/** Reads what untrusted data leads to that says what a call does. */
export function readTaint(
  { sinks = {}, untrusted, user_text: userText = false, sanitizers = [] }: TaintEntry,
  servers: readonly ConfiguredServer[],
  report: Report,
): TaintSettings {
  const names = new Set<string>();
  return {
    sinks: withDefaults(sinks),
    untrusted: untrusted ?? UNTRUSTED,
    userText,
    sanitizers: sanitizers.flatMap((entry, index) => {
      const at = ['taint', 'sanitizers', index];
      if (names.has(entry.name)) {
        report('duplicate-name', [...at, 'name'], `\`${entry.name}\` is already the name of another entry`);
      }
      names.add(entry.name);
      if (!servers.some(({ name }) => name === entry.server)) {
        report('unknown-server', [...at, 'server'], `there is no server \`${entry.server}\``);
      }
      return readSanitizer(entry, at, report) ?? [];
    }),
  };
}

type SanitizerEntry = NonNullable<TaintEntry['sanitizers']>[number];

function readSanitizer(
  { number, one_of: values, ...place }: SanitizerEntry,
  at: readonly (string | number)[],
  report: Report,
): Sanitizer | undefined {
  if (number !== undefined && values === undefined) {
    if (number.min <= number.max) return { ...place, kind: 'number', ...number };
    report('no-effect', [...at, 'number'], 'no number is from `min` to `max`');
  } else if (values !== undefined && number === undefined) {
    return { ...place, kind: 'one_of', values };
  } else {
    report('bad-value', at, `the sanitizer \`${place.name}\` needs either \`number\` or \`one_of\``);
  }
  return undefined;
}

function withDefaults(sinks: NonNullable<TaintEntry['sinks']>): TaintSettings['sinks'] {
  const all: Partial<Record<Capability, CallAnswer | 'allow'>> = { ...DEFAULT_SINKS, ...sinks };
  return Object.fromEntries(Object.entries(all).filter(([, answer]) => answer !== 'allow'));
}
