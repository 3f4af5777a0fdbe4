import { type Attempt, firing } from '../attempt.ts';

const mistake =
  'a rule compares names as they are written, and the server understands other spellings of them';

/** Other spellings of the name of a forbidden tool. */
const SPELLINGS: readonly (readonly [id: string, spell: (name: string) => string])[] = [
  ['capitals', (name) => name.toUpperCase()],
  ['space-after', (name) => `${name} `],
  ['tab-before', (name) => `\t${name}`],
  ['no-break-space', (name) => `${name}\u00a0`],
  ['nul', (name) => `${name}\u0000`],
  ['line-break', (name) => `${name}\n`],
  ['zero-width', (name) => name.replace('_', '_\u200b')],
  ['byte-order-mark', (name) => `\ufeff${name}`],
  ['full-width', (name) => name.replace('s', '\uff53')],
  ['long-s', (name) => name.replace('s', '\u017f')],
  ['looks-alike', (name) => name.replace('e', '\u0435')],
  ['soft-hyphen', (name) => name.replace('_', '\u00ad_')],
  ['percent', (name) => name.replace('s', '%73')],
  ['percent-twice', (name) => name.replace('s', '%2573')],
  ['namespace-underscores', (name) => `canary__${name}`],
  ['namespace-slash', (name) => `canary/${name}`],
  ['namespace-dot', (name) => `canary.${name}`],
  ['namespace-colon', (name) => `canary:${name}`],
  ['neighbours-namespace', (name) => `neighbour__${name}`],
  ['path', (name) => `../${name}`],
  ['of-the-prototype', () => '__proto__'],
  ['constructor', () => 'constructor'],
  ['empty', () => ''],
];

const shapes = 'what is no text is turned into one behind the guard';

const SHAPES: readonly (readonly [id: string, name: unknown])[] = [
  ['list', ['secret_note']],
  ['object', { toString: 'secret_note' }],
  ['null', null],
  ['number', 0],
];

export const names: readonly Attempt[] = [
  ...SPELLINGS.map(
    ([id, spell]): Attempt => ({
      id: `name/${id}`,
      mistake,
      run: firing((c, { nonce }) =>
        c.request('tools/call', { name: spell(c.tool('secret_note')), arguments: { nonce } }),
      ),
    }),
  ),
  ...SHAPES.map(
    ([id, name]): Attempt => ({
      id: `name/as-a-${id}`,
      mistake: shapes,
      run: firing((c, { nonce }) => c.request('tools/call', { name, arguments: { nonce } })),
    }),
  ),
  {
    id: 'name/inherited',
    mistake: 'keys of the prototype are merged into the request behind the guard',
    run: firing((c, { nonce }) => {
      const shot = c.request('tools/call', { arguments: { nonce } });
      const secret = JSON.stringify(c.tool('secret_note'));
      return {
        ...shot,
        body: shot.body
          .toString()
          .replace(
            '"params":{',
            `"params":{"__proto__":{"name":${secret}},"constructor":{"prototype":{"name":${secret}}},`,
          ),
      };
    }),
  },
];
