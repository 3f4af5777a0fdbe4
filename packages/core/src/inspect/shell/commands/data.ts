import { foundDenying } from '../effects.ts';
import { decodeBase32, decodeBase64, decodeHex, transliterate, unescape } from '../encoding.ts';
import { type Field, HOLE, isKnown, originsOf, SILENT, type Stream, unknownStream } from '../field.ts';
import { MAX_ALTERNATIVES } from '../limits.ts';
import { readPathOf, writePathOf } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import { placesOf } from '../place.ts';
import type { Invocation, Judge } from '../reader.ts';
import { assign } from '../scope.ts';
import { keepContent } from '../written.ts';

// Programs that make or change data: what they write is known as long as what they read is.

const echo: Judge = ({ args, name }) => {
  let start = 0;
  while (/^-[neE]+$/.test(args[start]?.text ?? '')) start++;
  const flags = args
    .slice(0, start)
    .map(({ text }) => text)
    .join('');
  const fields = args.slice(start);
  const text = fields.map((field) => field.text).join(' ');
  const spelled = flags.includes('e') || name === 'print' ? unescape(text) : text;
  return { text: flags.includes('n') ? spelled : `${spelled}\n`, from: originsOf(...fields) };
};

const printf: Judge = ({ args, scope }) => {
  const named = args[0]?.text === '-v';
  const [format, ...values] = args.slice(named ? 2 : args[0]?.text === '--' ? 1 : 0);
  if (format === undefined) return SILENT;
  const text = formatted(format.text, values);
  const from = originsOf(format, ...values);
  if (!named) return { text, from };
  assign(scope, args[1]?.text ?? '', [{ text, glob: false, from }]);
  return SILENT;
};

/** The format, again and again until the values are used up. */
function formatted(format: string, values: readonly Field[]): string {
  const queue = [...values];
  let out = '';
  for (let round = 0; round < MAX_ALTERNATIVES; round++) {
    const before = queue.length;
    out += unescape(format).replace(
      /%(?:%|[-+ #0]*[\d*]*(?:\.[\d*]+)?([a-zA-Z]))/g,
      (whole, kind?: string) => {
        if (whole === '%%') return '%';
        const value = queue.shift()?.text ?? '';
        if (kind === 's' || kind === 'q') return value;
        if (kind === 'b') return unescape(value);
        if (kind === 'c') return value.slice(0, 1);
        return /^-?\d+$/.test(value) && kind === 'd' ? value : HOLE;
      },
    );
    if (queue.length === 0 || queue.length === before) break;
  }
  return out;
}

/** What a program reads: its operands, or else standard input. */
function inputOf(operands: readonly Field[], { scope, reader, stdin }: Invocation): Stream {
  const files = operands.filter(({ text }) => text !== '-');
  if (files.length === 0) return stdin ?? { text: undefined, from: new Set() };
  const streams = files.map((file) => readPathOf(file, scope, reader));
  const [only] = streams;
  if (streams.length === 1 && only !== undefined) return only;
  return {
    text: streams.every(({ text }) => text !== undefined)
      ? streams.map(({ text }) => text).join('')
      : undefined,
    from: originsOf(...streams),
  };
}

const cat: Judge = (call) => {
  call.reader.effects.capabilities.add('fs.read');
  return inputOf(readOptions(call.args).operands, call);
};

/** Passes on what it reads, changed in a way that is followed only when `change` can. */
function filter(valued: string, change?: (text: string) => string | undefined): Judge {
  return (call) => {
    call.reader.effects.capabilities.add('fs.read');
    const { text, from } = inputOf(readOptions(call.args, { valued }).operands, call);
    return { text: text !== undefined && isKnown(text) ? change?.(text) : undefined, from };
  };
}

function decoder(
  decode: (text: string) => string,
  wants: (call: Invocation) => boolean,
  valued: string,
): Judge {
  return (call) => {
    call.reader.effects.capabilities.add('fs.read');
    const { operands, values } = readOptions(call.args, { valued });
    const input = inputOf([...operands, ...(values.get('i') ?? [])], call);
    if (!wants(call)) return { text: undefined, from: originsOf(input) };
    const from = originsOf(input, { from: new Set(['decoded']) });
    const known = input.text !== undefined && isKnown(input.text);
    return { text: known ? decode(input.text ?? '') : undefined, from };
  };
}

const flagged =
  (...names: readonly string[]) =>
  ({ args }: Invocation): boolean =>
    has(readOptions(args), ...names);

const base64 = decoder(decodeBase64, flagged('d', 'D', 'decode'), 'w wrap i o b');

/** `openssl` where it makes no connection. */
const PRINTS_KEY =
  /^(?:rsa|pkey|ec|dsa|pkcs8|pkcs12)\b(?!.* -(?:pubout|noout|check|out)\b)|^(?:rsa|pkey|ec|dsa)\b.* -text\b/;

export const openssl: Judge = (call) => {
  const words = call.args.map(({ text }) => text);
  const decodes = words.includes('-d') && /^(?:enc|base64|aes|des|-)/.test(words[0] ?? '');
  const at = words.indexOf('-in');
  const file = at === -1 ? undefined : call.args[at + 1];
  // What it does with a private key shows nothing of it, but for these.
  const uses =
    file !== undefined &&
    placesOf(file.text, call.scope.folder).has('key') &&
    !PRINTS_KEY.test(words.join(' '));
  const input = inputOf(file === undefined || uses ? [] : [file], call);
  const out = call.args[words.indexOf('-out') + 1];
  if (words.includes('-out') && out !== undefined) writePathOf(out, call.scope, call.reader);
  if (!decodes) return unknownStream('program');
  const from = originsOf(input, { from: new Set(['decoded']) });
  const plain = words.includes('base64') || words.includes('-base64') || words.includes('-a');
  const known = plain && input.text !== undefined && isKnown(input.text);
  return { text: known ? decodeBase64(input.text ?? '') : undefined, from };
};

const tr: Judge = (call) => {
  const { flags, operands } = readOptions(call.args);
  const { text, from } = call.stdin ?? { text: undefined, from: new Set() };
  const [first, second] = operands;
  if (text === undefined || !isKnown(text) || first === undefined) return { text: undefined, from };
  if (flags.size === 0 && second !== undefined) {
    return { text: transliterate(text, first.text, second.text), from };
  }
  if (flags.size === 1 && flags.has('d') && /^[^-[\\]*$|^\\n$/.test(first.text)) {
    const dropped = unescape(first.text);
    return { text: [...text].filter((char) => !dropped.includes(char)).join(''), from };
  }
  return { text: undefined, from };
};

const tee: Judge = (call) => {
  const { operands, flags } = readOptions(call.args);
  const stream = call.stdin ?? { text: undefined, from: new Set() };
  for (const file of operands) {
    if (file.pipe !== undefined) continue;
    writePathOf(file, call.scope, call.reader);
    keepContent(file.text, call.scope, stream, flags.has('a'));
  }
  return stream;
};

const reversed = (text: string): string =>
  text
    .split('\n')
    .map((line) => [...line].toReversed().join(''))
    .join('\n');

const decompress: Judge = (call) => {
  const decoded = decoder(
    (text) => text,
    () => true,
    'S c',
  );
  return { ...decoded(call), text: undefined };
};

/** What is written before a credential, and what one begins with. */
const SECRET_WORDS =
  /PRIVATE KEY|passw(?:or)?d|\bsecret|api[_-]?key|access[_-]?key|credential|\b(?:AKIA|ASIA|ghp_|sk-|xox[bp])|\btoken/i;

/** `grep` and its like: a pattern, then files. */
const grep: Judge = (call) => {
  const options = readOptions(call.args, {
    valued:
      'e f m A B C D d regexp file max-count after-context before-context context include exclude exclude-dir g t T type glob',
  });
  call.reader.effects.capabilities.add('fs.read');
  const patterns = [...valuesFor(options, 'e', 'regexp'), ...options.operands.slice(0, 1)];
  const recursive = !/^(?:[ef]?grep|zgrep)$/.test(call.name) || has(options, 'r', 'R', 'recursive');
  const broad = options.operands.some(({ text }) => {
    const places = placesOf(text, call.scope.folder);
    return places.has('system') || places.has('home');
  });
  if (recursive && broad && patterns.some(({ text }) => SECRET_WORDS.test(text))) {
    foundDenying(call.reader.effects, 'shell.credential_read', 'looks for credentials in every file');
  }
  const given = valuesFor(options, 'e', 'regexp').length + valuesFor(options, 'f', 'file').length > 0;
  const { from } = inputOf(options.operands.slice(given ? 0 : 1), call);
  return { text: undefined, from };
};

/** `jq` and its like: a program of theirs, then files. */
const query: Judge = (call) => {
  const options = readOptions(call.args, { valued: 'f L from-file indent tab' });
  call.reader.effects.capabilities.add('fs.read');
  const given = valuesFor(options, 'f', 'from-file').length > 0;
  const { from } = inputOf(options.operands.slice(given ? 0 : 1), call);
  return { text: undefined, from };
};

/** `+!command` runs a command when the pager starts. */
const pager: Judge = (call) => {
  for (const { text } of call.args) {
    const code = /^\+{1,2}!([^]+)$/.exec(text)?.[1];
    if (code !== undefined)
      foundDenying(call.reader.effects, 'shell.hidden_code', 'starts a shell from another program');
    if (code !== undefined && isKnown(code)) call.reader.code(code, call.scope, undefined);
  }
  return filter('p P t T x y z')(call);
};

const sort = filter('k t o S T key field-separator output');

export const DATA: Readonly<Record<string, Judge>> = {
  echo,
  print: echo,
  printf,
  cat,
  tac: filter(''),
  rev: filter('', reversed),
  head: filter('n c lines bytes'),
  tail: filter('n c s lines bytes pid'),
  nl: filter('b d f h i l n s v w'),
  sort,
  uniq: filter('f s w'),
  cut: filter('b c d f bytes characters delimiter fields output-delimiter'),
  paste: filter('d'),
  column: filter('c s t o'),
  fold: filter('w'),
  fmt: filter('w'),
  expand: filter('t'),
  unexpand: filter('t'),
  less: pager,
  more: filter('n'),
  strings: filter('n t e'),
  iconv: filter('f t o'),
  dos2unix: filter(''),
  wc: filter(''),
  od: filter('A j N S t w'),
  hexdump: filter('e f n s'),
  diff: filter('C U I x F W'),
  cmp: filter('i n'),
  comm: filter(''),
  join: filter('a e i j o t v 1 2'),
  md5sum: filter(''),
  sha1sum: filter(''),
  sha256sum: filter(''),
  sha512sum: filter(''),
  cksum: filter('a'),
  grep,
  egrep: grep,
  fgrep: grep,
  rg: grep,
  ag: grep,
  ack: grep,
  jq: query,
  yq: query,
  zgrep: grep,
  tr,
  tee,
  base64,
  base32: decoder(decodeBase32, flagged('d', 'D', 'decode'), 'w wrap i o b'),
  base64decode: decoder(decodeBase64, () => true, ''),
  b64decode: decoder(decodeBase64, () => true, 'o'),
  basenc: decoder(decodeBase64, flagged('d', 'decode'), 'w wrap'),
  uudecode: decoder(
    (text) => text,
    () => true,
    'o',
  ),
  xxd: decoder(decodeHex, flagged('r'), 'c cols g l len s seek o'),
  gunzip: decompress,
  zcat: decompress,
  gzcat: decompress,
  bzcat: decompress,
  xzcat: decompress,
  zstdcat: decompress,
};
