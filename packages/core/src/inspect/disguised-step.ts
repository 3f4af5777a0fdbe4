import { decodeBase64 } from './shell/encoding.ts';

/** The standard has no such spellings; servers that knew them read them each in its own way. */
const OWN_ESCAPE =
  /%u[0-9a-f]{4}|%%[0-9a-f]{2}|%(?:c[01]|[ef]0%80|f[89a-f])|(?:\.\.|\?\?)%(?![0-9a-f]{2})|(?:\.\.(?:2f|5c)){2}|\/\\\//i;

/** Characters that some systems and fonts turn into those that part a path. */
const SLASHES = /[\u2044\u2215\u2571\u29f8]/g;
const BACKSLASHES = /[\u2216\u29f5\u29f9]/g;

/** A dot or a slash as a number, as some templates and loggers write it. */
const NUMBERED = /0x(2e|2f|5c)/gi;

/**
 * A segment that is none to this system, and `..` to one that drops what it does not take: white space, wildcards,
 * parameters, controls, or more dots than two.
 */
const NEAR_STEP = /^(?=(?:[^.?]*[.?]){2})[.?%;:"'<>|~\s\p{C}]+$/u;

/**
 * Whether a path hides a step to the folder above in a spelling that only some systems read: `..;`, `....`, `.?`,
 * `%u002e`, `0x2e0x2e`, `.\./`, or base64 of one. A last segment of dots alone, as in `./...`, is a pattern and no step.
 */
export function hidesStep(spellings: readonly string[]): boolean {
  return spellings.some((spelling) => {
    if (OWN_ESCAPE.test(spelling)) return true;
    if (BASE64_STEP.test(spelling) && STEP.test(decodeBase64(spelling))) return true;
    const alike = spelling.replace(SLASHES, '/').replace(BACKSLASHES, '\\');
    if (alike !== spelling && STEP.test(alike)) return true;
    const numbered = spelling.replace(NUMBERED, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (numbered !== spelling && STEP.test(numbered)) return true;
    // A backslash may be an escape, and then it is not there.
    const bare = spelling.replaceAll('\\', '');
    if (bare !== spelling && STEP.test(bare) && !STEP.test(spelling)) return true;
    const segments = numbered.split(/[/\\]/);
    return segments.some((segment, at) => {
      if (segment === '..' || (at === segments.length - 1 && /^\.+$/.test(segment))) return false;
      return NEAR_STEP.test(segment) || /^\.\.[;:]/.test(segment);
    });
  });
}

/** Base64 of a text that begins with a step. */
const BASE64_STEP = /^(?:Li4v|Li5c|Ly4u|XC4u)[A-Za-z0-9+/_-]+={0,2}$/;

const STEP = /(?:^|[/\\])\.\.(?:[/\\]|$)/;
