import { decodeBase64 } from './shell/encoding.ts';

/** The standard has no such spellings; servers that knew them read them each in its own way. */
const OWN_ESCAPE =
  /%u[0-9a-f]{4}|%%[0-9a-f]{2}|%(?:c[01]|[ef]0%80|f[89a-f])|(?:\.\.|\?\?)%(?![0-9a-f]{2})|(?:\.\.(?:2f|5c)){2}|\/\\\//i;

/** Characters that some systems and fonts turn into those that part a path. */
const SLASHES = /[\u2044\u2215\u2571\u29f8]/g;
const BACKSLASHES = /[\u2216\u29f5\u29f9]/g;

/** A dot or a slash as a number: as templates and loggers, languages (`\\x2e`) and web pages (`&#46;`) write it. */
const NUMBERED = /(?:0x|\\x|\\u00|&#x0{0,4})(2e|2f|5c);?|&#0{0,4}(46|47|92);?|&(period|sol|bsol);/gi;
const NAMED: Readonly<Record<string, string>> = { period: '.', sol: '/', bsol: '\\' };

/** The text with every dot and slash that is written as a number or by its name. */
function withoutNumbers(text: string): string {
  return text.replace(NUMBERED, (_, hex?: string, decimal?: string, name = '') =>
    hex === undefined && decimal === undefined
      ? (NAMED[String(name).toLowerCase()] ?? '')
      : String.fromCharCode(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)),
  );
}

/**
 * A segment that is none to this system, and `..` to one that drops what it does not take: white space, wildcards,
 * parameters, controls, or more dots than two.
 */
const NEAR_STEP = /^(?=(?:[^.?]*[.?]){2})[.?%;:"'<>|~\s\p{C}]+$/u;

/**
 * Whether a path hides a step to the folder above in a spelling that only some systems read: `..;`, `....`, `.?`,
 * `%u002e`, `0x2e0x2e`, `&#46;`, `.\./`, or base64 of one. A last segment of dots alone, as in `./...`, is a pattern and no step.
 */
export function hidesStep(spellings: readonly string[]): boolean {
  return spellings.some((spelling) => {
    if (OWN_ESCAPE.test(spelling)) return true;
    if (BASE64_STEP.test(spelling) && STEP.test(decodeBase64(spelling))) return true;
    const alike = spelling.replace(SLASHES, '/').replace(BACKSLASHES, '\\');
    if (alike !== spelling && STEP.test(alike)) return true;
    const numbered = withoutNumbers(spelling);
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
