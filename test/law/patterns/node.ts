/** For each of the sampled characters whether it is in a set. */
export type Members = readonly boolean[];

/** A regular expression, taken apart. */
export type Node =
  | { readonly kind: 'set'; readonly members: Members }
  | { readonly kind: 'edge'; readonly name: '^' | '$' | '\\b' | '\\B' }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly body: Node }
  | { readonly kind: 'repeat'; readonly min: number; readonly max: number; readonly body: Node }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] };

/** Characters that stand for all others: ASCII, and one of each kind that classes of patterns tell apart. */
export const SAMPLE: readonly string[] = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\u00a0\u00ad\u00b7\u00c4\u00e4\u00df\u0301\u0391\u0410\u0430\u05d0\u0627\u0905\u0e01\u1100\u115f\u200b\u200d\u2028\u2014\u2018\u201c\u202e\u2580\u3000\u3002\u3042\u30a2\u4e00\uac00\uff01\uff0f\uff21\ufe0f\ufeff',
];

/** Reads a pattern that the engine has accepted. Fails on what only looks like a pattern, and on backreferences. */
export function parsePattern(source: string, flags: string): Node {
  const kept = flags.replace(/[gyd]/g, '');
  let at = 0;

  const choice = (): Node => {
    const options = [sequence()];
    while (source[at] === '|') {
      at++;
      options.push(sequence());
    }
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  };

  const sequence = (): Node => {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(atom()));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'sequence', parts };
  };

  const repeated = (body: Node): Node => {
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(source.slice(at, at + 24));
    if (match === null) return body;
    at += match[0].length;
    const [, sign, least, comma, most] = match;
    if (sign !== undefined) {
      return {
        kind: 'repeat',
        min: sign === '+' ? 1 : 0,
        max: sign === '?' ? 1 : Number.POSITIVE_INFINITY,
        body,
      };
    }
    const min = Number(least);
    const max = comma === undefined ? min : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    return { kind: 'repeat', min, max, body };
  };

  const atom = (): Node => {
    const sign = source[at];
    if (sign === '^' || sign === '$') {
      at++;
      return { kind: 'edge', name: sign };
    }
    if (sign === '(') return group();
    const edge = /^\\[bB]/.exec(source.slice(at, at + 2))?.[0];
    if (edge === '\\b' || edge === '\\B') {
      at += 2;
      return { kind: 'edge', name: edge };
    }
    const written = one();
    return { kind: 'set', members: membersOf(written, kept) };
  };

  const group = (): Node => {
    const opening =
      /^\((?:\?(?:(<?[=!])|:|<[A-Za-z_]\w*>|[a-z-]+:))?/.exec(source.slice(at, at + 80))?.[0] ?? '(';
    at += opening.length;
    const body = choice();
    at++;
    if (!/[=!]$/.test(opening)) return body;
    return { kind: 'look', behind: opening.includes('<'), negative: opening.endsWith('!'), body };
  };

  /** The text of one character, escape or class. */
  const one = (): string => {
    const from = at;
    if (source[at] === '[') {
      for (at++; at < source.length && source[at] !== ']'; at++) if (source[at] === '\\') at++;
      at++;
    } else if (source[at] === '\\') {
      const escape = /^\\(?:u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|[pP]\{[^}]*\}|[^])/i.exec(
        source.slice(at),
      );
      if (/^\\(?:[1-9]|k<)/.test(escape?.[0] ?? '')) throw new TypeError('a backreference');
      at += escape?.[0].length ?? 2;
    } else {
      at += (source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    }
    return source.slice(from, at);
  };

  const tree = choice();
  if (at !== source.length) throw new TypeError('an unbalanced bracket');
  return tree;
}

const KNOWN = new Map<string, Members>();

function membersOf(written: string, flags: string): Members {
  const key = `${flags} ${written}`;
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^(?:${written})$`, flags.replace('m', ''));
  const members = SAMPLE.map((character) => pattern.test(character));
  KNOWN.set(key, members);
  return members;
}
