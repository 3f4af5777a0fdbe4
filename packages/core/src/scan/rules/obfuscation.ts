import { tokensOf } from '../code/code.ts';
import { constantText } from '../code/value.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { decodedBase64, decodedHex, looksLikeCode, meansBinary } from './decoded.ts';

const SHORTEST_BLOB = 160;

export const encodedBlob: ScanRule = {
  id: 'obfuscation.encoded_blob',
  severity: 'medium',
  title: 'a long encoded text',
  why: 'Nobody who reads the source sees what it says. Pictures and fonts belong into files of their own, texts can stand there as they are.',
  find: ({ code }) =>
    code === undefined
      ? []
      : [...tokensOf(code)].flatMap(({ kind, value = '', start, end, text }): readonly Hit[] => {
          if (kind !== 'string' || value.length < 16) return [];
          const decoded = value.length >= 40 ? (decodedHex(value) ?? decodedBase64(value)) : undefined;
          if (decoded !== undefined && looksLikeCode(decoded)) {
            return [
              {
                start,
                end,
                message: 'an encoded text that is code or a command',
                severity: 'high',
                capability: 'exec',
              },
            ];
          }
          if (escapes(text) >= 16 && escapes(text) * 4 > text.length / 2) {
            return [{ start, end, message: 'a text that is written in escapes', severity: 'medium' }];
          }
          if (decoded === undefined || value.length < SHORTEST_BLOB || meansBinary(value)) return [];
          return [{ start, end, message: `an encoded text of ${value.length} characters` }];
        }),
};

function escapes(written: string): number {
  // Printable characters that somebody wrote as numbers.
  return written.match(/\\x[2-7][0-9a-f]|\\u00[2-7][0-9a-f]/gi)?.length ?? 0;
}

const BUILDERS = /(?:^|\.)(?:fromCharCode|fromCodePoint|chr|bytes|bytearray)$/;
const FEWEST_CODES = 6;

export const characterCodes: ScanRule = {
  id: 'obfuscation.character_codes',
  severity: 'medium',
  title: 'a text that is made of numbers',
  why: 'A text is written as the numbers of its characters so that nobody finds it by searching. Write it as it is.',
  find: ({ code }) =>
    code === undefined
      ? []
      : [
          ...code.calls.flatMap(({ name, args, start, end }): readonly Hit[] => {
            if (!BUILDERS.test(name)) return [];
            const inner = args.flat();
            const codes = inner.flatMap(({ kind, text }) => (kind === 'number' ? [Number(text)] : []));
            const plain = inner.every(({ kind, text }) => kind === 'number' || '[]().,'.includes(text));
            return codes.length >= FEWEST_CODES && plain && codes.every(isPrintable)
              ? [{ start, end, ...said(codes) }]
              : [];
          }),
          ...mappedCodes(code.streams),
        ],
};

/** A list of numbers that is turned into characters one by one. */
function mappedCodes(streams: NonNullable<Source['code']>['streams']): readonly Hit[] {
  return streams.flatMap(({ tokens, partners }) => {
    const hits: Hit[] = [];
    for (const [opening, closing] of partners) {
      if (closing < opening || tokens[opening]?.text !== '[' || closing - opening < 2 * 12) continue;
      const inner = tokens.slice(opening + 1, closing);
      const codes = inner.flatMap(({ kind, text }) => (kind === 'number' ? [Number(text)] : []));
      if (codes.length < 12 || !inner.every(({ kind, text }) => kind === 'number' || text === ',')) continue;
      const around = [
        ...tokens.slice(Math.max(0, opening - 16), opening),
        ...tokens.slice(closing, closing + 16),
      ];
      const turned = around.some(({ text }) => /^(?:chr|fromCharCode|fromCodePoint)$/.test(text));
      const [first, last] = [tokens[opening], tokens[closing]];
      if (turned && codes.every(isPrintable) && first !== undefined && last !== undefined) {
        hits.push({ start: first.start, end: last.end, ...said(codes) });
      }
    }
    return hits;
  });
}

function said(codes: readonly number[]): Pick<Hit, 'message' | 'severity'> {
  const text = String.fromCharCode(...codes.slice(0, 4096));
  return looksLikeCode(text)
    ? { message: 'numbers that are the characters of code or a command', severity: 'high' }
    : { message: `${codes.length} numbers that are the characters of a text` };
}

function isPrintable(code: number): boolean {
  return code === 9 || code === 10 || (code >= 32 && code < 127);
}

const GENERATED_NAME = /^_0x[0-9a-f]{3,8}$/;

export const generatedNames: ScanRule = {
  id: 'obfuscation.generated_names',
  severity: 'high',
  title: 'a program that an obfuscator made',
  why: 'Its names were taken away so that nobody can read it. Ask for the sources.',
  find: ({ code }) => {
    if (code === undefined) return [];
    const names = new Map<string, Hit>();
    for (const { kind, text, start, end } of tokensOf(code)) {
      if (kind === 'name' && GENERATED_NAME.test(text) && !names.has(text)) {
        names.set(text, { start, end, message: 'names like those that an obfuscator gives' });
      }
    }
    const [first] = names.values();
    return names.size >= 8 && first !== undefined ? [first] : [];
  },
};

const INVISIBLE =
  /[\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]{2}|(?:[\u{e0100}-\u{e01ef}\ufe00-\ufe0f]){3}|[\u200b\u2060-\u2064\u3164\u115f\u1160]{3}/gu;

export const invisibleCharacters: ScanRule = {
  id: 'obfuscation.invisible_characters',
  severity: 'high',
  title: 'characters that nobody sees',
  why: 'They turn the order in which text is shown, or hide text in a program (CVE-2021-42574). What a reviewer sees is not what runs.',
  find: ({ text, code, role }) =>
    code === undefined && role !== 'data'
      ? []
      : [...text.matchAll(INVISIBLE)].map(({ index, 0: { length } }) => ({
          start: index,
          end: index + length,
          message: 'characters that are not shown, or that turn the order of others',
        })),
};

/** Text that is put together from pieces so that nobody finds the whole: `'ev' + 'al'`. */
export const splitName: ScanRule = {
  id: 'obfuscation.split_name',
  severity: 'high',
  title: 'a dangerous name in pieces',
  why: 'A name is put together from pieces so that a search does not find it.',
  find: ({ code }) =>
    code === undefined
      ? []
      : code.streams.flatMap(({ tokens }) =>
          tokens.flatMap(({ kind, start }, index): readonly Hit[] => {
            if (kind !== 'string' || tokens[index - 1]?.text === '+') return [];
            let end = index + 1;
            while (tokens[end]?.text === '+' && tokens[end + 1]?.kind === 'string') end += 2;
            const text = end > index + 1 ? constantText(tokens.slice(index, end)) : undefined;
            if (text === undefined || !DANGEROUS.test(text)) return [];
            return [
              {
                start,
                end: tokens[end - 1]?.end ?? start,
                message: `\`${text}\` is put together from pieces`,
              },
            ];
          }),
        ),
};

const DANGEROUS =
  /^(?:node:)?(?:eval|exec|execSync|spawn|child_process|Function|constructor|system|popen|subprocess|os|__import__|__builtins__|fromCharCode)$/;
