import { classesOf, MAX_VALUE } from './classes.ts';
import { MARKERS } from './words.ts';

/** What a SELECT may begin with that prose does not. */
const SELECTED = '[(A]*(?:[1svfEF]|w(?:[1,.(;cFGAC)]|$))';

/** A value that goes on behind the string it was put into. */
const BEHIND_STRING: readonly RegExp[] = [
  /^s\)*c/,
  /^s\)*;+(?:[KSc;(]|$)/,
  /^s\)*L[(A]*(?:[1sv](?:[CAc),;U]|$)|[Ew][CAc);U]|f\(|\(*S|c|$)/,
  /^s\)*L[(A]*w?C/,
  new RegExp(`^s\\)*U+[(A]*(?:S${SELECTED}|S?$)`),
  /^s\)*C+[(A]*(?:[1svwe](?:[CALc),;UG]|$)|f\(|\(|$)/,
  /^s\)*(?:[AL]+\(*(?:[1sv]|f\([^)]*\))\)*)+(?:$|[cLCU;,)])/,
  /^s\)*(?:A+\(*[1sv]\)*)*A+\(*e/,
  /^s\)*[AL]+\(*(?:f\(|S|E)/,
  /^s\)*[GK]/,
  /^s\)*F[w(]/,
  /^s(?:,[A(]*(?:[1svw]|f\([^)]*\))\)*)+(?:[c;)]|$)/,
];

/** A value that goes on behind the number, or the nothing, that was expected. */
const BEHIND_NUMBER: readonly RegExp[] = [
  /^[A(]*[1v]?\)*;+\(*[KS]/,
  /^[A(]*[1v]\)*;?c/,
  /^(?:[A(]*w)?[A1sv()]*L[(A]*(?:[1svw]|f\([^)]*\))\)*C/,
  /^[A(]*(?:[1sv]|f\()[A1svfLCE(),]*c/,
  /^[A(]*[1vs]\)*U\(*S?$/,
  /^[A(]*[1vs]\)*L[(A]*(?:[1sv]\)*c|f\(|\(*S|E)/,
  /^[A(]*[1vs]?\)*L[(A]*[1s]\)*c/,
  /^[A(]*[1v]\)*C[(A]*(?:f\(|\(*S)/,
  /^(?:[A1v()]*[sw])?[A1v()]+G/,
  /^G[^w?]*$/,
  /^[A(]*[1v]?\)*[AL]+\(*f\(.*[c),]/,
  /^[;(]*K/,
  /^[A(1v]*\(S/,
  /^[A1]*\(*S[A(]*(?:[1vf]|s[,;Fc]|w,|w?F)/,
  /^E+/,
];

/** A query that is part of something else. */
const QUERY = new RegExp(`U[(A]*S${SELECTED}|\\(S[(A]*(?:[1svfE]|w?F|A|w,)|[;)]\\(*S[(A]*[1svfA]|[;]K`);

/** Signs without which a sentence is only a sentence. */
const SIGNS = /[^\p{L}\p{N}\s.!?]/u;

/** Quotes of other scripts, which databases turn into those of their own. */
const LOOKALIKE_QUOTES = /[\u02b9\u02bc\u2018\u2019\u201b\u2032\uff07]/g;

/**
 * Whether a text that a tool will put into a statement of its own, as a string or as a number, would be more than that:
 * it ends the string, and goes on as grammar. Each way of putting it is tried. Linear in the text.
 */
export function breaksOutOfSql(value: string): boolean {
  return readings(value).some(goesOn);
}

function goesOn(text: string): boolean {
  if (!SIGNS.test(text) && !/\d/.test(text)) return false;
  if (MARKERS.test(text)) return true;
  for (const quote of ["'", '"', '`'] as const) {
    for (const behind of [classesOf(text, quote), classesOf(text, quote, true)]) {
      if (behind === undefined) continue;
      if (BEHIND_STRING.some((pattern) => pattern.test(behind)) || holdsQuery(behind)) return true;
    }
  }
  const alone = classesOf(text, undefined) ?? '';
  return BEHIND_NUMBER.some((pattern) => pattern.test(alone)) || holdsQuery(alone);
}

function holdsQuery(classes: string): boolean {
  return QUERY.test(classes) || classes.split(';').some(isWholeQuery);
}

/** SELECT, FROM and a later clause, in this order. */
function isWholeQuery(classes: string): boolean {
  const select = classes.indexOf('S');
  const from = select === -1 ? -1 : classes.indexOf('F', select);
  return from !== -1 && classes.includes('G', from);
}

/** The text, and what it becomes when it is decoded as a member of a query, or its quotes are made plain. */
function readings(value: string): readonly string[] {
  const text = value.slice(0, MAX_VALUE);
  const texts = new Set([text, text.trim(), text.replaceAll('\0', ' '), text.replace(LOOKALIKE_QUOTES, "'")]);
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  texts.add(decoded);
  if (!/\s/.test(text) && text.includes('+')) texts.add(decoded.replaceAll('+', ' '));
  return [...texts];
}
