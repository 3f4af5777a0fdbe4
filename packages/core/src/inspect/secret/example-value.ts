import { entropyOf } from './entropy.ts';

/** Whether a value shows where a secret goes, or is one that documentation uses. */
export function isExampleValue(value: string): boolean {
  return PLACEHOLDER.test(value) || REPEATED.test(value) || entropyOf(value) < LEAST_ENTROPY;
}

/** Whether only a variable, a call or a template stands where a value is expected. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

const LEAST_ENTROPY = 1.8;
// Linear: alternatives of fixed words, and one character repeated.
const PLACEHOLDER =
  /example|sample|dummy|placeholder|redacted|replace[-_]?me|change[-_]?(?:me|it|this)|replace[-_]?with|goes[-_]here|enter[-_]your|insecure|super[-_]?secret|my[-_](?:secret|token|api[-_]?key|password)|your[-_ ]|[-_]here$|insert[-_]|<[^<>]{1,60}>|x{5}|\*{4}|\.{3}|\u2026|0{10}|wJalrXUtnFEMI|foobar|todo|fake|not[-_]?a[-_]?real|lorem|\bnull\b|\bundefined\b|\[masked|\[secret/i;
const REPEATED = /(.)\1{7}/;
const REFERENCE =
  /^(?:\$\{|\$\(|\{\{|%[A-Z_]{2,40}%|\$[A-Za-z_]|process\.env|os\.(?:environ|getenv)|env\.|ENV\[|getenv|secrets\.|vars\.|var\.|local\.|data\.|config\.|self\.|this\.|function|async |await |new |return |import |require)/;
