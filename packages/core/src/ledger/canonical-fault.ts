import { pointerToken } from './json-pointer.ts';
import { isPlainObject } from './plain-object.ts';

/** Why a value has no canonical JSON, and where: an RFC 6901 JSON pointer. */
export interface CanonicalFault {
  readonly at: string;
  readonly problem: string;
}

/** Finds the first reason, in document order, for which a value has no canonical JSON. */
export function canonicalFault(value: unknown, maxDepth: number): CanonicalFault | undefined {
  return faultIn(value, '', 0, maxDepth);
}

function faultIn(value: unknown, at: string, depth: number, maxDepth: number): CanonicalFault | undefined {
  switch (typeof value) {
    case 'string':
      return LONE_SURROGATE.test(value) ? { at, problem: 'a lone surrogate' } : undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { at, problem: `the number ${value}` };
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth >= maxDepth) return { at, problem: `nested deeper than ${maxDepth} levels` };
      if (Array.isArray(value)) return faultInArray(value, at, depth, maxDepth);
      if (!isPlainObject(value)) return { at, problem: 'an object that is not a plain record' };
      return faultInMembers(value, at, depth, maxDepth);
    default:
      return { at, problem: typeof value };
  }
}

function faultInArray(items: readonly unknown[], at: string, depth: number, maxDepth: number) {
  for (let i = 0; i < items.length; i++) {
    const fault = faultIn(items[i], `${at}/${i}`, depth + 1, maxDepth);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInMembers(object: object, at: string, depth: number, maxDepth: number) {
  for (const [key, member] of Object.entries(object)) {
    if (LONE_SURROGATE.test(key)) return { at, problem: 'a key with a lone surrogate' };
    const fault = faultIn(member, `${at}/${pointerToken(key)}`, depth + 1, maxDepth);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

const LONE_SURROGATE = /\p{Surrogate}/u;
