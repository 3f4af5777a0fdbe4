import { type DenyingId, foundDenying } from '../effects.ts';
import { lineOf } from '../options.ts';
import type { Invocation } from '../reader.ts';

/** A call of a program that means more than running it, by the words of the call. */
export interface Rule {
  /** Found in the arguments, joined by single spaces. */
  readonly when: RegExp;
  readonly id: DenyingId;
  readonly message: string;
}

const SHOWS = /^(?:--help|--version|help)$/;
const ANY_CALL = /^/;

/** The only rule of a program; for any call unless `when` says which. */
export function one(id: DenyingId, message: string, when: RegExp = ANY_CALL): readonly Rule[] {
  return [{ when, id, message }];
}

/** Records what the rules of a program say about a call, unless it asks for help. */
export function applyRules(rules: readonly Rule[], { args, reader }: Invocation): void {
  if (args.some(({ text }) => SHOWS.test(text))) return;
  const line = lineOf(args);
  for (const { when, id, message } of rules) {
    if (when.test(line)) foundDenying(reader.effects, id, message);
  }
}
