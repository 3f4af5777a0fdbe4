import { entropyOf } from './entropy.ts';
import { isExampleValue } from './example-value.ts';
import type { Secret } from './secret.ts';
import { endOfService } from './services.ts';
import { isWorded } from './worded.ts';

/**
 * Values that stand behind the name of a service or behind a word such as `SECRET`, without a sign of
 * assignment, or with one that no language has. Takes time linear in the text: for each long run of letters and
 * digits a bounded number of characters before it is read.
 */
export function findNearNames(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    const lead = LEAD.exec(run)?.[0].length ?? 0;
    const value = run.slice(lead).replace(TAIL, '');
    if (text[match.index + run.length] === '(' || !isLikely(value)) continue;
    const start = match.index + lead;
    const before = text.slice(Math.max(0, start - REACH), start);
    if (!isNamed(before, value)) continue;
    found.push({
      kind: 'assigned',
      start,
      end: start + value.length,
      certainty: 'named',
      example: isExampleValue(value),
    });
  }
  return found;
}

const REACH = 56;
const SHORTEST = 14;
const SHORTEST_HEX = 24;
const LEAST_ENTROPY = 3;
// Linear: one class with nothing after it.
const RUN = /[A-Za-z0-9][\w+/=.~-]{13,400}/g;
/** Words that lead to a value: `datadog-secrettoken-`. */
const LEAD = /^(?:[A-Za-z]{2,24}[-_.=]){1,4}(?=[\w-]{12}|[\w-]{0,11}$)/;
const TAIL = /[.=-]{1,3}$/;
/** `key/123e4567-e89b-...`, a name of something in the cloud. */
const RESOURCE = /\/[a-f0-9]{8}-[a-f0-9]{4}-/i;
const UUID = /^[a-f0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}/i;

function isLikely(value: string): boolean {
  if (
    value.length < SHORTEST ||
    value.includes('//') ||
    RESOURCE.test(value) ||
    (value.match(/\//g)?.length ?? 0) > 3
  )
    return false;
  if (!/[A-Za-z]/.test(value) || !/\d/.test(value))
    return value.length >= SHORTEST_HEX && /^[A-Z]{24,}$/.test(value);
  if (/^[a-f0-9]+$/.test(value) && value.length < SHORTEST_HEX) return false;
  if (
    /^\d[\d.:TZ+-]+$|^v?\d+\.\d+|\.(?:js|ts|py|go|md|json|yaml|yml|com|org|net|io|html|png|svg|css)\b/.test(
      value,
    )
  )
    return false;
  // Names of things, with a number in them.
  if (/^(?:(?:[a-z]{2,}\d{0,3}|\d{1,4})[-_./])+[a-z]*\d{0,4}$/i.test(value) && !UUID.test(value))
    return false;
  return entropyOf(value) >= LEAST_ENTROPY && !isWorded(value);
}

function isNamed(before: string, value: string): boolean {
  if (PUBLIC.test(before)) return false;
  const uuid = UUID.test(value);
  if ((uuid ? STRONG_WORD : WORD).test(before) || ACCESS.test(before)) return true;
  const lower = before.toLowerCase();
  const end = endOfService(lower);
  if (end === -1) return false;
  // Commits and digests stand behind the names of services that keep code.
  if (DIGEST.test(value) && CODE_HOST.test(lower)) return false;
  const gap = before.slice(end);
  if (!GAP.test(gap)) return false;
  if (uuid) return SIGN.test(gap) || STRONG_WORD.test(gap) || ATTACHED.test(gap);
  return SIGN.test(gap) || WORD_ANYWHERE.test(gap) || (BESIDE.test(gap) && LONG_TOKEN.test(value));
}

const DIGEST = /^(?:[a-f0-9]{40}|[a-f0-9]{64})$/;
const CODE_HOST = /git|docker|image|\bref\b|\brev\b|\bsha\b|signature/;
const PUBLIC =
  /public|\bgpg\b|\bpgp\b|sha\d{1,3}|h1:|checksum|integrity|digest|hash|commit|revision|fingerprint|resolved|version|uuid|etag|cursor|trace|request[-_ ]?id|primary|foreign|object key|cache key|ssh-(?:rsa|ed25519|dss)|nonce/i;
// Linear: read on a short text, from its end.
const WORD =
  /(?:secret|private|token|api[\s_-]?key|private[\s_-]?key|access[\s_-]?key|\bkey|KEY|tkn)[\s_.:="'-]{1,4}(?:key|token|id)?[\s_.:="'-]{0,4}$/i;
const ACCESS = /ACCESS(?:[\s_.:-]{0,2}KEY)?[\s_.:="'-]{1,4}$/;
const STRONG_WORD =
  /(?:secret|private|token|password|api[\s_-]?key)[\s_.:="'-]{0,4}(?:key|token)?[\s_.:="'-]{0,4}$/i;
const WORD_ANYWHERE = /secret|private|token|access|key|tkn|\bpk\b|\bsk\b/i;
/** `noticeable <token>`: nothing between, and a value that is nothing else. */
const BESIDE = /^[\s"'`]{1,3}$/;
const LONG_TOKEN = /^(?=[^a-z]{0,40}[a-z])(?=[^\d]{0,60}\d)(?!v?\d+\.)[A-Za-z0-9]{20,64}$/;
/** `refiner-<uuid>`, `shortcut access <uuid>`. */
const ATTACHED = /^(?:[-_]|[\s_-]{0,1}(?:access|key|token)[\s_:-]{0,2})$/i;
const GAP = /^[\w\s"'`.:=,>|?\\-]{0,40}$/;
const SIGN = /[=:>,|]|\?=/;
