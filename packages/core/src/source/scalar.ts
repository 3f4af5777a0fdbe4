import { type SourceFault, type SourceScalar, unread } from './node.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Why a string cannot be a key of a table. */
export function keyFault(key: string, offset: number): SourceFault | undefined {
  // SECURITY: `__proto__` becomes a prototype as soon as somebody copies the table with `=`.
  if (key === '__proto__')
    return { code: 'unsafe-key', message: 'the key `__proto__` is not allowed', offset };
  return textFault(key, offset);
}

/** Why a string cannot be carried as JSON text (RFC 8785 section 3.2.2.2). */
function textFault(text: string, offset: number): SourceFault | undefined {
  return LONE_SURROGATE.test(text)
    ? { code: 'bad-text', message: 'a lone surrogate is not text', offset }
    : undefined;
}

/** Why a number cannot be carried as JSON without changing it. */
function numberFault(value: number, offset: number): SourceFault | undefined {
  if (!Number.isFinite(value)) {
    return { code: 'not-json', message: 'infinity and not-a-number are not allowed', offset };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return {
      code: 'number-range',
      message: 'the number is too large to be kept exactly',
      offset,
      help: `the largest is ${Number.MAX_SAFE_INTEGER}; write it as a string`,
    };
  }
  return undefined;
}

/** The scalar as a node, or null in its place and the fault noted when JSON cannot carry it. */
export function scalarNode(
  value: SourceScalar['value'],
  start: number,
  note: (fault: SourceFault) => void,
): SourceScalar {
  const fault =
    typeof value === 'string'
      ? textFault(value, start)
      : typeof value === 'number'
        ? numberFault(value, start)
        : undefined;
  if (fault === undefined) return { kind: 'scalar', start, value };
  note(fault);
  return unread(start);
}

export function duplicateKey(key: string, offset: number): SourceFault {
  return { code: 'duplicate-key', message: `the key \`${key}\` is defined twice`, offset };
}
