import type { Meter } from '../evaluate/meter.ts';
import { codePoints, utf8Bytes } from '../value/text.ts';
import { Decimal, integerValue, numberText } from '../value/decimal.ts';
import { displayText, quoteText } from '../value/display.ts';
import { isNumber, type Value } from '../value/value.ts';
import { hexOf } from './encoding.ts';
import { exponentText, fixedText, generalText } from './float-text.ts';

interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

/** What a value is to Go's `fmt`. */
type Argument =
  | { readonly kind: 'int' | 'int64' | '*big.Int'; readonly value: bigint }
  | { readonly kind: 'float64'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

const MAX_WIDTH = 1_000_000;
const DIRECTIVE = /%([ +\-#0]*)(\[\d+\])?(\*|\d+)?(?:\.(\[\d+\])?(\*|\d*))?(\[\d+\])?([^]?)/gu;

/** Formats like Go's `fmt.Sprintf`, faults of the format shown in the text as Go shows them. */
export function sprintf(format: string, values: readonly Value[], meter: Meter): string {
  const args = values.map(argumentOf);
  let next = 0;
  let isReordered = false;
  const star = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (text === '') return 0;
    if (text !== '*') return Number(text);
    const arg = args[next++];
    return arg !== undefined && typeof arg.value === 'bigint' ? Number(arg.value) : undefined;
  };
  const jump = (index: string | undefined): void => {
    if (index === undefined) return;
    next = Number(index.slice(1, -1)) - 1;
    isReordered = true;
  };
  const text = format.replace(
    DIRECTIVE,
    (
      _whole: string,
      flags: string,
      widthIndex: string | undefined,
      width: string | undefined,
      precisionIndex: string | undefined,
      precision: string | undefined,
      index: string | undefined,
      verb: string,
    ) => {
      jump(widthIndex);
      const wide = star(width);
      jump(precisionIndex);
      const exact = star(precision);
      jump(index);
      const left = wide !== undefined && wide < 0;
      const directive: Directive = {
        flags: left ? `${flags}-` : flags,
        width: wide === undefined ? undefined : Math.min(MAX_WIDTH, Math.abs(wide)),
        precision: exact === undefined || exact < 0 ? undefined : Math.min(MAX_WIDTH, exact),
        verb,
      };
      meter.grow((directive.width ?? 0) + (directive.precision ?? 0) + 1);
      if (verb === '%') return '%';
      if (verb === '') return '%!(NOVERB)';
      const arg = args[next++];
      if (arg === undefined)
        return index !== undefined || widthIndex !== undefined ? `%!${verb}(BADINDEX)` : `%!${verb}(MISSING)`;
      meter.grow(typeof arg.value === 'string' ? arg.value.length : 32);
      return formatOne(arg, directive);
    },
  );
  if (isReordered || next >= args.length) return text;
  const extra = args.slice(next).map((arg) => `${arg.kind}=${formatOne(arg, PLAIN)}`);
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

const PLAIN: Directive = { flags: '', width: undefined, precision: undefined, verb: 'v' };
const INT64 = 9223372036854775807n;

function argumentOf(value: Value): Argument {
  if (typeof value === 'string') return { kind: 'string', value };
  if (!isNumber(value)) return { kind: 'string', value: displayText(value) };
  const integer = integerValue(value);
  if (integer !== undefined) {
    return { kind: integer > INT64 || integer < -INT64 - 1n ? '*big.Int' : 'int64', value: integer };
  }
  return { kind: 'float64', value: value instanceof Decimal ? Number(numberText(value)) : Number(value) };
}

function formatOne(arg: Argument, directive: Directive): string {
  if (directive.verb === 'T') return pad(arg.kind, directive);
  const text =
    arg.kind === 'string'
      ? formatString(arg.value, directive)
      : arg.kind === 'float64'
        ? formatFloat(arg.value, directive)
        : formatInteger(arg.value, arg.kind, directive);
  if (text !== undefined) return text;
  return `%!${directive.verb}(${arg.kind}=${formatOne(arg, { ...directive, verb: 'v' })})`;
}

function pad(text: string, { flags, width }: Directive, mayZero = false): string {
  const missing = (width ?? 0) - codePoints(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!mayZero || !flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[+\- ]/.exec(text)?.[0] ?? '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function formatString(value: string, directive: Directive): string | undefined {
  const { verb, precision, flags } = directive;
  const cut = precision === undefined ? value : codePoints(value).slice(0, precision).join('');
  switch (verb) {
    case 'v':
    case 's':
      return pad(cut, directive, true);
    case 'q':
      return pad(flags.includes('#') && !cut.includes('`') ? `\`${cut}\`` : quoteText(cut), directive, true);
    case 'x':
    case 'X': {
      const bytes = utf8Bytes(value);
      const hex = hexOf(precision === undefined ? bytes : bytes.subarray(0, precision));
      const spaced = flags.includes(' ') ? hex.replace(/..(?=.)/g, '$& ') : hex;
      return pad(verb === 'X' ? spaced.toUpperCase() : spaced, directive, true);
    }
    default:
      return undefined;
  }
}

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, O: 8, d: 10, v: 10, x: 16, X: 16 };
const PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

const FLOAT_VERBS = new Set('eEfFgG');

function formatInteger(value: bigint, kind: string, directive: Directive): string | undefined {
  const { verb, flags, precision } = directive;
  const radix = RADIX[verb] ?? (verb === 's' && kind === '*big.Int' ? 10 : undefined);
  if (radix === undefined) {
    // INVARIANT: a number is the same however it is written, so an integer fits where a fraction would.
    return FLOAT_VERBS.has(verb) ? formatFloat(Number(value), directive) : formatCharacter(value, directive);
  }
  const size = (value < 0n ? -value : value).toString(radix);
  let digits = (verb === 'X' ? size.toUpperCase() : size).padStart(precision ?? 0, '0');
  if (precision === 0 && value === 0n) digits = '';
  const prefix = verb === 'O' ? '0o' : flags.includes('#') ? (PREFIX[verb] ?? '') : '';
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return pad(sign + prefix + digits, directive, precision === undefined);
}

function formatCharacter(value: bigint, directive: Directive): string | undefined {
  const isPoint = value >= 0n && value <= 0x10ffffn;
  const character = isPoint ? String.fromCodePoint(Number(value)) : '\ufffd';
  switch (directive.verb) {
    case 'c':
      return pad(character, directive);
    case 'q':
      return pad(`'${character}'`, directive);
    case 'U':
      return pad(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, directive);
    default:
      return undefined;
  }
}

function formatFloat(value: number, directive: Directive): string | undefined {
  const text = floatText(value, directive);
  if (text === undefined) return undefined;
  const sign = directive.flags.includes('+') ? '+' : directive.flags.includes(' ') ? ' ' : '';
  return pad(text.startsWith('-') ? text : sign + text, directive, true);
}

function floatText(value: number, { verb, precision }: Directive): string | undefined {
  switch (verb) {
    case 'f':
    case 'F':
      return fixedText(value, precision ?? 6);
    case 'e':
      return exponentText(value, precision ?? 6);
    case 'E':
      return exponentText(value, precision ?? 6).toUpperCase();
    case 'g':
    case 'v':
      return generalText(value, precision ?? -1);
    case 'G':
      return generalText(value, precision ?? -1).toUpperCase();
    default:
      return undefined;
  }
}
