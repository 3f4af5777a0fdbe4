import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Resource } from '../model/request.ts';
import type { Declassification, TaintFact } from '../model/taint.ts';
import { argumentAt } from '../policy/condition.ts';

/**
 * What makes one argument of one tool harmless whoever wrote it: that it is a number between two others, or one of the
 * values that a list names.
 */
export type Sanitizer = {
  readonly name: string;
  readonly server: string;
  readonly tool: string;
  /** Path of the argument: `amount`, `options.amount`. */
  readonly argument: string;
} & (
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'one_of'; readonly values: readonly (string | number)[] }
);

/** The taints that stay when the sanitizers have looked at their arguments, and those that they took away. */
export function sanitize(
  taints: readonly TaintFact[],
  sanitizers: readonly Sanitizer[],
  { resource, args }: { readonly resource: Resource; readonly args: JsonObject },
): { readonly taints: readonly TaintFact[]; readonly declassified: readonly Declassification[] } {
  const applicable =
    taints.length === 0 || resource.kind !== 'tool'
      ? []
      : sanitizers.filter(({ server, tool }) => server === resource.server && tool === resource.name);
  if (applicable.length === 0) return { taints, declassified: [] };
  const declassified: Declassification[] = [];
  const left = taints.filter(({ at, labels }) => {
    const by = applicable.find(
      (sanitizer) =>
        isOf(at, sanitizer.argument) && accepts(sanitizer, argumentAt(args, sanitizer.argument.split('.'))),
    );
    if (by === undefined) return true;
    declassified.push({ at, labels, by: by.name });
    return false;
  });
  return { taints: left, declassified };
}

/** Whether a pointer is that of an argument or of something in it. */
function isOf(at: string, argument: string): boolean {
  const pointer = argument
    .split('.')
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  return at === pointer || at.startsWith(`${pointer}/`);
}

/** Every value of a list must be accepted. */
function accepts(sanitizer: Sanitizer, value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => accepts(sanitizer, item));
  if (sanitizer.kind === 'one_of') {
    return (typeof value === 'string' || typeof value === 'number') && sanitizer.values.includes(value);
  }
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && number >= sanitizer.min && number <= sanitizer.max;
}

/** A decimal number as JSON writes it, and no longer than one that a double holds. */
const NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
