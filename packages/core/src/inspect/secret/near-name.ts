import { entropyOf } from './entropy.ts';
import { isExampleValue, isFiller, namesResource } from './example-value.ts';
import { isAlphabetical, rarePairs } from './rare-pairs.ts';
import type { Secret } from './secret.ts';
import { lastService } from './services.ts';
import { isWorded } from './worded.ts';
import { endsWithWordedService, namesService } from './worded-services.ts';

/**
 * Values that stand behind the name of a service or behind a word such as `SECRET`, without a sign of
 * assignment, or with one that no language has. Takes time linear in the text: for each long run of letters and
 * digits a bounded number of characters before it is read.
 */
export function findNearNames(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    if (PUBLISHED.test(run)) continue;
    const lead = LEAD.exec(run)?.[0].length ?? 0;
    const value = run.slice(lead).replace(TAIL, '');
    if (text[match.index + run.length] === '(' || OBJECT.test(run.replace(TAIL, '')) || !isLikely(value))
      continue;
    const start = match.index + lead;
    const before = text.slice(Math.max(0, start - REACH), start);
    if (namesResource(before) || !isNamed(before, value)) continue;
    found.push({
      kind: 'assigned',
      start,
      end: start + value.length,
      certainty: 'named',
      // Of a service that is named, what looks typed may be its key all the same.
      example: isExampleValue(value) || (isFiller(value) && !namesService(before)),
    });
  }
  return found;
}

const REACH = 88;
/** How far before a value a word says that it is no secret. */
const NEAR = 44;
const SHORTEST = 14;
const SHORTEST_HEX = 20;
const LEAST_ENTROPY = 3;
// Linear: one class with nothing after it, from the beginning of a word on.
const RUN = /(?<![A-Za-z0-9])[A-Za-z0-9][\w+/=.~-]{13,400}/g;
/** Words that lead to a value: `datadog-secrettoken-`. */
const LEAD =
  /^(?:(?:[A-Za-z]{2,24}|[A-Za-z\d]{2,24}(?:token|key|secret|access|private))[-_.=]){1,4}(?=[\w-]{12}|[\w-]{0,11}$)/i;
const TAIL = /[.=-]{1,3}$/;
/** `key/123e4567-e89b-...`, a name of something in the cloud. */
const RESOURCE = /\/[a-f0-9]{8}-[a-f0-9]{4}-/i;
const UUID = /^[a-z0-9]{8}(?:-[a-z0-9]{4}){3}-[a-z0-9]{12}/i;

/** A setting, a version that is asked for, a type of media. */
const SETTING =
  /={1,2}\d[\d.]{0,9}$|=(?:true|false|none|null)$|=[a-z]{1,8}[+-]{1,3}\d{0,3}$|^(?:application|audio|font|image|text|video)\//i;

/** Keys for browsers, which everybody may read. */
const PUBLISHED = /^(?:pk\.eyJ|phc_)/;

function isLikely(value: string): boolean {
  if (
    value.length < SHORTEST ||
    value.includes('//') ||
    SETTING.test(value) ||
    RESOURCE.test(value) ||
    (value.match(/\//g)?.length ?? 0) > 3
  )
    return false;
  if (!/[A-Za-z]/.test(value)) return false;
  if (!/\d/.test(value)) {
    if (/^[A-Z]{24,}$/.test(value)) return true;
    return /^[A-Za-z]{16,}$/.test(value) && (rarePairs(value) >= LEAST_RARE || isAlphabetical(value));
  }
  if (/^[a-f0-9]+$/.test(value) && value.length < SHORTEST_HEX) return false;
  if (
    /^\d[\d.:TZ+-]+$|^v?\d+\.\d+|\.(?:js|ts|py|go|md|json|yaml|yml|com|org|net|io|html|png|svg|css)\b/.test(
      value,
    )
  )
    return false;
  // Names of things, with a number in them.
  if (NAME_OF_THING.test(value) && !UUID.test(value) && rarePairs(value) < LEAST_RARE) return false;
  return entropyOf(value) >= LEAST_ENTROPY && !isWorded(value);
}

const NAME_OF_THING =
  /^(?:(?:[a-z]{2,}\d{0,3}|\d{1,4}[a-z]?|[a-z]{1,2}\d[a-z]?)[-_./])+(?:[a-z]*\d{0,4}|[a-z]\d[a-z])$/i;
/** So many pairs of letters that no words have tell what is drawn from what is named. */
const LEAST_RARE = 3;

function isNamed(before: string, value: string): boolean {
  const service = lastService(before);
  if (FILE.test((service === undefined ? before : before.slice(service.end)).slice(-NEAR))) return false;
  // `trace` says that something is public, `dynatrace` does not.
  const rest = service === undefined ? before : before.slice(0, service.start) + before.slice(service.end);
  if (PUBLIC.test(rest.slice(-NEAR))) return false;
  const uuid = UUID.test(value) && HEX_UUID.test(value);
  if ((uuid ? STRONG_WORD : WORD).test(before) || ACCESS.test(before) || ELEMENT.test(before)) return true;
  const drawn = !uuid && isDrawn(value);
  if (drawn && (CLIENT.test(before) || endsWithWordedService(before))) return true;
  if (service === undefined || MAIL.test(before.slice(0, service.start))) return false;
  // Commits and digests stand behind the names of services that keep code.
  if (DIGEST.test(value) && CODE_HOST.test(before)) return false;
  const gap = before.slice(service.end);
  if (!GAP.test(gap)) return false;
  if (BRACKETED.test(gap)) return true;
  if (CALLED.test(gap)) return uuid || drawn || LONG_TOKEN.test(value);
  // A list goes on behind its bracket.
  if (gap.includes('(') || /\[\s/.test(gap)) return false;
  if (uuid)
    return (
      SIGN.test(gap) || STRONG_WORD.test(gap) || ATTACHED.test(gap) || TOLD.test(gap) || CAPITALS.test(gap)
    );
  return (
    SIGN.test(gap) ||
    WORD_ANYWHERE.test(gap) ||
    (BESIDE.test(gap) && value.length >= SHORTEST_HEX && (drawn || LONG_TOKEN.test(value)))
  );
}

/** A file, by its ending, and what is said of it. */
const FILE = /\.[a-z]{2,4}["'`]?\s?[:=]\s?["'`]?$/;
const DIGEST = /^(?:[a-f0-9]{40}|[a-f0-9]{64})$/;
/** Names of objects that services hold: a message of Twilio, a payment of Stripe, a document of MongoDB. */
const OBJECT =
  /^(?:(?!SK|AC)[A-Z]{2}[a-f0-9]{32}|(?:pi|ch|cus|sub|in|prod|price|pm|evt|acct|txn|re|si|seti|cs)_[A-Za-z0-9]{14,60}|[56][a-f0-9]{23})$/;
const CODE_HOST = /git|docker|image|\bref\b|\brev\b|\bsha\b|signature/i;
const PUBLIC =
  /(?:next|page|paging|pagination|continuation|sync|resume|delta)[\s_-]?(?:page)?[\s_-]?token|site[\s_-]?key|application[\s_-]?server[\s_-]?key|recv-key|vapid|public|\bgpg\b|\bpgp\b|sha\d{1,3}|h1:|checksum|integrity|digest|hash|commit|revision|fingerprint|resolved|version|uuid|etag|cursor|trace|request[-_ ]?id|primary|foreign|(?:file|page|doc|document|user|order|task|issue|event|message|customer|object|record|item|post|video|channel|board|card|folder|node|job|run|build|team)[\s_-]?id\b|object key|cache key|ssh-(?:rsa|ed25519|dss)|nonce/i;
// Linear: read on a short text, from its end.
const WORD =
  /(?:secret|private|token|api[\s_-]?key|private[\s_-]?key|access[\s_-]?key|\bkey|KEY|tkn)[\s_.:="'-]{1,4}(?:key|token|id)?[\s_.:="'-]{0,4}$/i;
const ACCESS = /ACCESS(?:[\s_.:-]{0,2}KEY)?[\s_.:="'-]{1,4}$/;
const STRONG_WORD =
  /(?:secret|private|token|password|api[\s_-]?key)[\s_.:="'-]{0,4}(?:key|token)?[\s_.:="'-]{0,4}$/i;
const WORD_ANYWHERE = /secret|private|token|access|key|tkn|\bpk\b|\bsk\b/i;
/** `noticeable <token>`: nothing between, and a value that is nothing else. */
const BESIDE = /^[\s"'`]{1,3}$/;
const LONG_TOKEN = /^(?![A-F\d]+$)(?=\d{0,60}[A-Za-z])(?=\D{0,60}\d)(?!v?\d+\.)\w{20,64}$/;
/** `refiner-<uuid>`, `shortcut access <uuid>`. */
const ATTACHED = /^(?:[-_]|[\s_-]{0,1}(?:access|key|token)[\s_:-]{0,2})$/i;
const GAP = /^[\w\s"'`.:;=,>|?\\[\](-]{0,72}$/;
/** `datadog key (`. */
const BRACKETED = /\b(?:key|token|secret)\s{1,2}\(\s{0,2}["'`]?$/i;
/** `shortcutPRIVATE12 `. */
const CAPITALS = /SECRET|PRIVATE|TOKEN|API_?KEY/;
const HEX_UUID = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}/i;
/** `DatadogClient("`, `datadog.configure("`: what a program hands to a service to be known by. */
const CALLED =
  /^(?:\w{0,20}|(?:\.\w{1,16}){0,2}\.(?:init\w{0,8}|configure|connect|auth\w{0,10}|login|client|set_?(?:api_?)?(?:key|token)))\(\s{0,2}["'`]$/i;
/** `heroku key is`. */
const TOLD = /^[\s\w-]{0,16}\b(?:key|token|secret)\s{1,2}(?:is\s{1,2})?$/i;
/** An element of XML that is there for a secret: `<secret>{...`. */
const ELEMENT =
  /<(?:\w{0,16}:)?(?:\w{0,16}(?:secret|password|passphrase|token|apiKey)|private_?key|access_?key|secret_?key)>[^<>]{0,40}$/i;
/** The user of an address of mail. */
const MAIL = /[\w.]@$/;
/** Letters and digits that change with each other, and are no digest. */
const DRAWN =
  /^(?![a-f\d]+$|[A-F\d]+$)(?=.{0,40}\d[A-Za-z].{0,40}[A-Za-z]\d|.{0,40}[A-Za-z]\d.{0,40}\d[A-Za-z])[\w.=/+-]{15,200}$/;
/** `new AcmeClient("`. */
const CLIENT = /\b[A-Z]\w{0,30}(?:Client|API|Api|SDK|Sdk)\(\s{0,2}["'`]$/;

/** Whether nobody wrote a value as words. */
function isDrawn(value: string): boolean {
  return DRAWN.test(value) || (LONG_TOKEN.test(value) && rarePairs(value) >= LEAST_RARE);
}
const SIGN = /[=:>,|]|\?=/;
