import { entropyOf } from './entropy.ts';
import { isSequential, type SequenceOptions } from './sequence.ts';

/** Whether a value shows where a secret goes, or is one that documentation uses. */
export function isExampleValue(value: string): boolean {
  return PLACEHOLDER.test(value) || isRepeated(value) || entropyOf(value) < LEAST_ENTROPY;
}

/**
 * Whether a value only fills its place, where nothing besides a common name says that it is a secret: an example, or
 * typed in the order of the alphabet for a long while. People do choose `abcd1234efgh5678`.
 */
export function isFiller(value: string): boolean {
  return isSequential(value, LONG_RUNS) || isExampleValue(value);
}

/** Whether the body of a token that is quoted everywhere only shows its form. */
export function isFilledIn(body: string): boolean {
  return isSequential(body, SHORT_RUNS) || isExampleValue(body);
}

const LONG_RUNS: SequenceOptions = { shortestRun: 5, strands: 1 };
const SHORT_RUNS: SequenceOptions = { shortestRun: 3, strands: 2 };

/** Whether one character stands in a row, and the rest is no secret by itself. */
function isRepeated(value: string): boolean {
  if (value.search(REPEATED) === -1) return false;
  const rest = value.replaceAll(REPEATED, '').replaceAll(/\W/g, '');
  return rest.length < LEAST_REST || entropyOf(rest) < LEAST_REST_ENTROPY;
}

/** Whether only a variable, a call or a template stands where a value is expected. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

/**
 * Whether the name of a secret follows, and not the secret: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:`, or the
 * key of one of many elements: `<li key="`.
 */
export function namesResource(before: string): boolean {
  return RESOURCE.test(before) || ELEMENT_KEY.test(before) || INDEX.test(before);
}

const RESOURCE = /:secretsmanager:[\w-]{0,20}:\d{12}:secret:$/;
const ELEMENT_KEY =
  /<(?!add\b|entry\b|param\b|setting\b)[A-Za-z][\w.]{0,30}\s(?:[^<>]{0,60}\s)?key=["'`{]{1,3}$/;
/** An index in a dump of MySQL: ``KEY `IDX_8D93D649E7927C74` (`email`)``. */
const INDEX = /(?:^|[\n,(]|\bADD|\bUNIQUE)\s{1,8}KEY `$/;
const LEAST_ENTROPY = 1.8;
// Linear: alternatives of fixed words, and one character repeated.
const PLACEHOLDER =
  /example|sample|dummy|placeholder|redacted|replace[-_]?me|change[-_]?(?:me|it|this)|replace[-_]?with|goes[-_]here|enter[-_]your|insecure|super[-_]?secret|my[-_](?:secret|token|api[-_]?key|password)|your[-_ ]|[-_]here$|insert[-_]|<[^<>]{1,60}>|x{5}|\*{4}|\.{3}|\u2026|0{10}|wJalrXUtnFEMI|foobar|todo|fake|not[-_]?a[-_]?real|lorem|\bnull\b|\bundefined\b|\[masked|\[secret/i;
const REPEATED = /(.)\1{7,}/g;
/** So many characters beside what is repeated may be drawn. */
const LEAST_REST = 16;
const LEAST_REST_ENTROPY = 3;

const REFERENCE =
  /^(?:\$\{|\$\(|\{\{|%[A-Z_]{2,40}%|\$[A-Za-z_]|process\.env|os\.(?:environ|getenv)|env\.|ENV\[|getenv|secrets\.|vars\.|var\.|local\.|data\.|config\.|self\.|this\.|function|async |await |new |return |import |require)/;
