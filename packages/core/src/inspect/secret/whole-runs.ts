import { entropyOf } from './entropy.ts';
import { isExampleValue } from './example-value.ts';
import type { Runs } from './number-runs.ts';
import type { Secret } from './secret.ts';

interface WholeForm {
  readonly kind: string;
  readonly least: number;
  readonly most: number;
  readonly pattern: RegExp;
  /** What stands before it. */
  readonly before?: RegExp;
  /** Whether other things are made of the same parts: of an id and a digest, for one. */
  readonly common?: true;
}

/** Tokens that no prefix gives away, but their division into parts of fixed lengths. Takes time linear in the text. */
export function findWholeRuns(text: string, runs: Runs): readonly Secret[] {
  const found: Secret[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const [start = 0, until = 0] = [runs[i], runs[i + 1]];
    if (until - start < SHORTEST || until - start > LONGEST) continue;
    const value = text.slice(start, until).replace(TAIL, '');
    const form = FORMS.find(
      ({ least, most, pattern, before }) =>
        value.length >= least &&
        value.length <= most &&
        pattern.test(value) &&
        (before === undefined || before.test(text.slice(Math.max(0, start - REACH), start))),
    );
    if (form === undefined) continue;
    const example = isExampleValue(value) || entropyOf(value) < LEAST_ENTROPY;
    found.push({
      kind: form.kind,
      start,
      end: start + value.length,
      certainty: form.common ? 'named' : 'shaped',
      example,
    });
  }
  return found;
}

const SHORTEST = 29;
const LONGEST = 80;
const REACH = 40;
const LEAST_ENTROPY = 2.8;
const TAIL = /[-.,?!&]{1,3}$/;

const FORMS: readonly WholeForm[] = [
  { kind: 'mailgun.key', least: 50, most: 50, pattern: /^[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}$/ },
  {
    kind: 'infobip.key',
    least: 69,
    most: 69,
    pattern: /^[a-f0-9]{32}-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/,
  },
  {
    kind: 'bunny.key',
    least: 72,
    most: 72,
    pattern: /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{20}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/,
  },
  {
    kind: 'baseten.key',
    least: 41,
    most: 41,
    pattern:
      /^(?=[^.]{0,40}\d)(?=[^.]{0,40}[A-Z])(?=[^.]{0,40}[a-z])[A-Za-z0-9]{8}\.(?=[^.]{0,40}\d)(?=[^.]{0,40}[A-Z])(?=[^.]{0,40}[a-z])[A-Za-z0-9]{32}$/,
  },
  {
    kind: 'ngrok.token',
    least: 47,
    most: 51,
    pattern:
      /^(?=[^.]{0,40}\d)(?=[^.]{0,40}[A-Z])(?=[^.]{0,40}[a-z])[123][A-Za-z0-9]{26}_[A-Za-z0-9]{19,23}$/,
  },
  { kind: 'uptimerobot.key', least: 32, most: 36, pattern: /^(?:u|m|ur)\d{6,9}-[a-f0-9]{24}$/ },
  { kind: 'jenkins.token', least: 34, most: 34, pattern: /^11(?=\d{0,31}[a-f])[a-f0-9]{32}$/ },
  { kind: 'tatum.key', least: 51, most: 51, pattern: /^t-[a-f0-9]{24}-[a-f0-9]{24}$/ },
  {
    kind: 'bitcoin.private_key',
    least: 51,
    most: 52,
    pattern:
      /^(?=[^.]{0,40}\d)(?=[^.]{0,40}[A-Z])(?=[^.]{0,40}[a-z])(?:[KL][1-9A-HJ-NP-Za-km-z]{51}|5[HJK][1-9A-HJ-NP-Za-km-z]{49})$/,
  },
  { kind: 'stellar.seed', least: 56, most: 56, pattern: /^S(?=[A-Z]{0,54}[2-7])[A-Z2-7]{55}$/ },
  { kind: 'bitlocker.recovery_key', least: 55, most: 55, pattern: /^(?:\d{6}-){7}\d{6}$/ },
  {
    kind: 'ghost.key',
    least: 64,
    most: 64,
    pattern: /^[a-f0-9]{64}$/,
    before: /(?<!\w)[a-f0-9]{24}:$/,
    common: true,
  },
  { kind: 'ably.key', least: 43, most: 43, pattern: /^[\w-]{43}$/, before: /(?<![\w-])[\w-]{6}\.[\w-]{6}:$/ },
  {
    kind: 'license_key',
    least: 29,
    most: 29,
    pattern: /^[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}$/,
    before:
      /\b(?:licen[cs]e|product|activation|registration|serial|key|cd)[\w ]{0,16}["'`]?[:= ]{1,4}["'`]?$/i,
  },
];
