import type { Finding, PathFact } from '../model/finding.ts';
import { isUnder, normalisePath } from '../policy/containment.ts';
import { hidesStep } from './disguised-step.ts';
import { namesOtherFile } from './other-name.ts';
import type { InspectPlatform } from './platform.ts';
import { expandBraces } from './shell/braces.ts';
import { placesOf } from './shell/place.ts';

/** Longest path that is read, in UTF-16 units: PATH_MAX of Linux. */
const MAX_PATH_LENGTH = 4096;

/** What libraries open in place of a file, from elsewhere or from a program. */
const STREAM =
  /^\s*(?!file:)[a-z][a-z0-9+.-]{1,30}:\/\/|^\s*(?:jar|netdoc|view-source|phar|data|php):|^\s*\||\|\s*$/i;

/** What shells and libraries put something else in place of. */
const VARIABLE =
  /^\s*(?:\$\{[A-Za-z_]\w{0,60}\}|\$[A-Z_][A-Z0-9_]{1,60}|\$env:\w{1,60}|%[A-Za-z_][\w()]{1,60}%)(?:[/\\]|$)|\$\(|`[^`]{1,400}`/;

/** How often a text is percent-decoded; nobody needs more than one. */
const MAX_DECODINGS = 3;

/** Most paths of one with braces that are looked at, among those that may lead out. */
const MAX_BRACED = 8;

export interface PathReading {
  readonly facts: readonly PathFact[];
  readonly findings: readonly Omit<Finding, 'at'>[];
}

/**
 * Establishes which files a text can name. A server may take percent signs, backslashes and
 * compatibility characters as they are or decode them, so each spelling that differs is a fact of its
 * own: a rule that denies is met by any of them, one that allows must cover them all. A spelling
 * that hides a `..` is never meant honestly and denies.
 */
export function readPath(given: string, platform: InspectPlatform): PathReading {
  if (given.length > MAX_PATH_LENGTH)
    return refused('path.too_long', `longer than ${MAX_PATH_LENGTH} characters`);
  const texts = /^\s*file:/i.test(given) ? fromFileUrl(given.trim()) : [given];
  const [text] = texts;
  if (text === undefined) return refused('path.remote', 'a file URL that names another host');
  if (STREAM.test(text)) return refused('path.remote', 'a stream or another host where a file is meant');
  if (/^~[^/\\]/.test(text)) return refused('path.other_home', 'the home folder of another user');
  if (VARIABLE.test(text))
    return refused('path.variable', 'begins with a variable, whose value decides where it leads');
  const plain = texts.length === 1 && isPlain(text);
  const spellings = plain ? texts : spellingsOf(texts);
  if (spellings === undefined) return refused('path.undecodable', 'percent-encoding that is no text');
  if (spellings.some((spelling) => spelling.includes('\0')))
    return refused('path.nul', 'holds a NUL character');
  const hidden = !plain && spellings.slice(1).some((spelling) => climbs(spelling) && !climbs(text));
  if (hidden || (!plain && hidesStep(spellings)))
    return refused('path.encoded_traversal', 'an encoding hides a step to the folder above');
  if (spellings.some(namesOtherFile))
    return refused('path.other_name', 'a name that Windows takes for a device, a stream or another file');
  const facts = new Map<string, PathFact>();
  const findings: Omit<Finding, 'at'>[] = [];
  for (const spelling of spellings) {
    const whole = absolute(spelling, platform);
    const normal = normalisePath(whole) ?? platform.baseDir;
    const real = normalisePath(platform.resolvePath(normal)) ?? normal;
    facts.set(real, { given, real });
    if (climbs(spelling)) {
      // A system follows a link first and steps up from where it leads; many libraries do the reverse.
      const followed = normalisePath(platform.resolvePath(whole)) ?? normal;
      facts.set(followed, { given, real: followed });
    }
    if (findings.length > 0) continue;
    if (climbs(spelling) && !isUnder(normal, platform.baseDir)) {
      findings.push({
        id: 'path.escape',
        severity: 'medium',
        message: 'steps out of the folder it starts in',
      });
    } else if (real !== normal && isUnder(normal, platform.baseDir) && !isUnder(real, platform.baseDir)) {
      findings.push({ id: 'path.link_escape', severity: 'high', message: 'a link leads out of the folder' });
    }
  }
  findings.push(...meaningsOf([...facts.keys()]));
  return { facts: [...facts.values()], findings };
}

/** What reading or writing one of these files means more than that. */
function meaningsOf(reals: readonly string[]): readonly Omit<Finding, 'at'>[] {
  const kept = reals.some((real) => {
    const places = placesOf(real);
    return places.has('credential') || places.has('key');
  });
  if (!kept) return [];
  return [{ id: 'path.credential', severity: 'high', message: 'a file where credentials are kept' }];
}

/**
 * Whether a path has one spelling only, and none that hides a step: segments of ASCII letters, digits, `.`, `_` and
 * `-` that do not begin with a point, without two points in a row, without a number that stands for a character, and
 * such that base64 of a text is not written so.
 */
function isPlain(path: string): boolean {
  return (
    PLAIN.test(path) &&
    (path.startsWith('/') || path.includes('.')) &&
    !path.includes('..') &&
    !path.endsWith('.') &&
    !path.includes('0x') &&
    !path.includes('0X')
  );
}

const PLAIN = /^\/?[\w-][\w.-]*(?:\/[\w-][\w.-]*)*\/?$/;

function refused(id: string, message: string): PathReading {
  return { facts: [], findings: [{ id, severity: 'high', message, denies: 'GUARD_PATH' }] };
}

/** RFC 8089; only the local host. The path, and the path as it is for those who know of no query and fragment. */
function fromFileUrl(text: string): readonly string[] {
  const whole = /^file:(?:\/\/(?:localhost)?(?=\/))?(\/(?!\/).*|\/)$/is.exec(text)?.[1];
  return whole === undefined ? [] : [whole.replace(/[?#].*$/s, ''), whole];
}

/** The texts and what they become when decoded or trimmed, each once, the first text first; undefined when one cannot be decoded. */
function spellingsOf(texts: readonly string[]): readonly string[] | undefined {
  const spellings = new Set(texts);
  for (const text of texts) {
    let decoded = text;
    for (let round = 0; round < MAX_DECODINGS && /%[0-9a-f]{2}/i.test(decoded); round++) {
      // Overlong UTF-8 is refused by the decoder itself.
      try {
        decoded = decodeURIComponent(decoded.replace(/%(?![0-9a-f]{2})/gi, '%25'));
      } catch {
        return undefined;
      }
      spellings.add(decoded);
    }
  }
  for (const spelling of [...spellings]) {
    spellings.add(spelling.trim());
    const bare = spelling.trim();
    // Windows leaves points and spaces at the end of a name out.
    const named = bare.replace(/(?<=[^./\\ ])[. ]{1,255}$/, '');
    if (named !== bare) spellings.add(named);
    if (bare.length > 1 && /^["']/.test(bare) && bare.at(-1) === bare[0]) spellings.add(bare.slice(1, -1));
  }
  for (const spelling of [...spellings]) {
    spellings.add(spelling.normalize('NFKC'));
    spellings.add(spelling.normalize('NFC'));
  }
  for (const spelling of [...spellings]) {
    if (spelling.includes('\\')) spellings.add(spelling.replaceAll('\\', '/'));
  }
  // Shells and file patterns make several paths of one.
  for (const spelling of [...spellings]) {
    if (!spelling.includes('{')) continue;
    const outward = (expandBraces(spelling) ?? []).filter(
      (path) => climbs(path) || /^[/\\~]|^[a-z]:/i.test(path),
    );
    for (const path of outward.slice(0, MAX_BRACED)) spellings.add(path);
  }
  return [...spellings];
}

/** Whether a segment is `..`, spaces and dots that some systems ignore at its end included. */
function climbs(path: string): boolean {
  return /(?:^|[/\\])\.\.[ .]*(?:[/\\]|$)/.test(path);
}

/** Absolute, and not normalised. */
function absolute(path: string, { baseDir, homeDir }: InspectPlatform): string {
  if (path === '~' || path.startsWith('~/')) return `${homeDir}/${path.slice(1)}`;
  const drive = /^[a-z]:[/\\]?/i.exec(path)?.[0];
  const rooted = drive === undefined ? path : `/${path}`;
  return rooted.startsWith('/') ? rooted : `${baseDir}/${path}`;
}
