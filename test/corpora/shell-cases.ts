import type { Case } from './corpus.ts';

/** Cases that a default profile is not about: rules that somebody must turn on, both labels for one command. */
export function boundary(row: Case, all: readonly Case[]): boolean {
  const same = all.filter(({ input }) => input['command'] === row.input['command']);
  return (
    row.meta['pack'] === 'optional' ||
    row.meta['has_extra_args'] === true ||
    /custom/.test(String(row.meta['category'])) ||
    same.some(({ label }) => label !== row.label) ||
    same[0] !== row
  );
}

/** Commands that touch something destructive, privileged or on the network for a good reason. */
export function everyday({ meta }: Case): boolean {
  return meta['risk_hint'] !== false;
}

/** Generators of payloads, source code of other languages and commands of other systems. */
export function reverseShells({ meta, input }: Case): boolean {
  const platforms = Array.isArray(meta['platforms']) ? meta['platforms'] : [];
  return (
    meta['kind'] !== 'shell' ||
    !platforms.some((name) => name === 'linux' || name === 'mac') ||
    /^(?:msfvenom|module Main|require)\b/.test(String(input['command']))
  );
}

/** Techniques that are never everyday work; discovery is. */
export const EMULATED =
  /^T(?:1059\.004|1105|1003|1070|1485|1486|1529|1546|1548|1552|1562|1567|1048|1053|1098|1136|1685|1686|1690)/;
