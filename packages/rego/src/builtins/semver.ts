import { compareText } from '../value/text.ts';
import { any, boolean, type Builtin, BuiltinError, builtin, number, string } from './builtin.ts';

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly preRelease: string;
}

const VERSION =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/;
const LARGEST = 9223372036854775807n;

/** Reads a version (Semantic Versioning 2.0.0); a `v` may stand before it. */
function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor = '', patch = '', preRelease = ''] = match;
  const numbers = [BigInt(major), BigInt(minor), BigInt(patch)] as const;
  if (numbers.some((part) => part > LARGEST)) return undefined;
  if (preRelease.split('.').some((part) => /^0\d+$/.test(part))) return undefined;
  return { numbers, preRelease };
}

function compareVersions(a: Version, b: Version): number {
  for (const [i, left] of a.numbers.entries()) {
    const right = b.numbers[i] ?? 0n;
    if (left !== right) return left < right ? -1 : 1;
  }
  if (a.preRelease === b.preRelease) return 0;
  if (a.preRelease === '') return 1;
  if (b.preRelease === '') return -1;
  return comparePreReleases(a.preRelease.split('.'), b.preRelease.split('.'));
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    if (left === right) continue;
    const isNumber = /^\d+$/.test(left);
    if (isNumber !== /^\d+$/.test(right)) return isNumber ? -1 : 1;
    const order = isNumber ? Number(BigInt(left) - BigInt(right)) : compareText(left, right);
    return order < 0 ? -1 : 1;
  }
  return a.length < b.length ? -1 : 0;
}

export const SEMVER: readonly Builtin[] = [
  builtin(
    'semver.is_valid',
    [any],
    boolean,
    (text) => typeof text === 'string' && parseVersion(text) !== undefined,
  ),
  builtin('semver.compare', [string, string], number, (a, b) => {
    const left = parseVersion(a);
    const right = parseVersion(b);
    if (left === undefined)
      throw new BuiltinError(`operand 1: string \`${a.slice(0, 40)}\` is not a valid SemVer`);
    if (right === undefined)
      throw new BuiltinError(`operand 2: string \`${b.slice(0, 40)}\` is not a valid SemVer`);
    return compareVersions(left, right);
  }),
];
