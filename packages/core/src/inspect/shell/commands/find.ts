import { foundDenying, foundNoted } from '../effects.ts';
import { type Field, HOLE, type Stream, unknownStream, withoutTail } from '../field.ts';
import { deletePathOf, namePath, writePathOf } from '../object.ts';
import { isPlaceToDelete, placesOf } from '../place.ts';
import type { Invocation, Judge } from '../reader.ts';

/** Tests that leave out some of the files. */
const NARROWS =
  /^-(?:i?name|i?path|i?regex|i?wholename|i?lname|size|empty|[acm]time|[acm]min|newer\w*|user|group|uid|gid|perm|links|inum|samefile|nouser|nogroup)$/;

/** `find roots tests actions`: what it deletes, runs and writes. */
const find: Judge = (call) => {
  const { args, scope, reader } = call;
  reader.effects.capabilities.add('fs.read');
  const start = args.findIndex(({ text }, index) => /^[-(!]/.test(text) && !isGlobalOption(args, index));
  const tests = start === -1 ? [] : args.slice(start);
  const roots = (start === -1 ? args : args.slice(0, start)).filter(({ text }) => !/^-[HLPDO]/.test(text));
  const searched = roots.length === 0 ? [{ text: '.', glob: false, from: new Set<never>() }] : roots;
  for (const root of searched) namePath(root, scope, reader);
  const narrow = tests.some(
    ({ text }, index) => NARROWS.test(text) && !/^\*+$/.test(tests[index + 1]?.text ?? ''),
  );
  if (searched.some((root) => isBroadRoot(root, scope)) && tests.some(looksForSecret)) {
    foundDenying(reader.effects, 'shell.credential_read', 'looks for files that hold credentials');
  }
  if (encryptsAndDeletes(tests)) {
    foundDenying(reader.effects, 'shell.destructive', 'encrypts files and deletes what they were');
  }
  for (const [index, { text }] of tests.entries()) {
    const next = tests[index + 1];
    if (text === '-delete') deletes(searched, narrow, call);
    else if (/^-(?:exec|execdir|ok|okdir)$/.test(text)) runs(tests.slice(index + 1), tests, searched, call);
    else if (/^-f(?:print0?|ls|printf)$/.test(text) && next !== undefined) writePathOf(next, scope, reader);
  }
  // What is found there and then deleted may be anything.
  const broad = !narrow && searched.some((root) => isBroadRoot(root, scope));
  return broad ? unknownStream('program', 'system') : unknownStream('program');
};

/** Everything, all homes, or one of them. */
function isBroadRoot({ text }: Field, { folder }: Invocation['scope']): boolean {
  const places = placesOf(text, folder);
  return places.has('system') || places.has('home');
}

/** Names of files that hold credentials wherever they are. */
const SECRET_NAME =
  /^\*?(?:\.?(?:netrc|pgpass|git-credentials|htpasswd|npmrc|pypirc|aws|ssh|gnupg|env)|id_\w+|credentials?|passwords?|secrets?|[^*]*\.(?:kdbx?|ovpn|keytab)|wallet\.dat|\.(?:pem|key|p12|pfx|gpg|asc|kdbx?|ppk|jks|env))\*?$/i;

function looksForSecret({ text }: Field, index: number, tests: readonly Field[]): boolean {
  const before = tests[index - 1]?.text ?? '';
  return (
    /^-i?(?:name|path|wholename)$/.test(before) && SECRET_NAME.test(text.slice(text.lastIndexOf('/') + 1))
  );
}

/** One loop that makes an encrypted copy of every file and takes the file away. */
function encryptsAndDeletes(tests: readonly Field[]): boolean {
  const line = tests.map(({ text }) => text).join(' ');
  return ENCRYPTS.test(line) && /(?:^| )(?:rm|shred|srm|unlink|-delete)(?: |$)/.test(line);
}

const ENCRYPTS =
  /-(?:exec|execdir|ok) (?:\S*\/)?(?:gpg2? .{0,80}?(?:-c|-e|--symmetric|--encrypt)|openssl (?:enc|aes|smime|cms)|age |ccrypt|7z a .{0,80}?-p|zip .{0,80}?-[eP]) ?/;

function isGlobalOption(args: readonly Field[], index: number): boolean {
  return /^-[HLPO]/.test(args[index]?.text ?? '') && index < 3;
}

function deletes(roots: readonly Field[], narrow: boolean, { scope, reader }: Invocation): void {
  reader.effects.capabilities.add('fs.delete');
  for (const root of roots) {
    if (!narrow) deletePathOf(root, scope, reader, true);
    else if (isPlaceToDelete(root.text, scope.folder)) {
      foundNoted(reader.effects, 'shell.recursive_delete', 'deletes the files that are found');
    } else {
      foundDenying(reader.effects, 'shell.destructive', 'deletes files of the system that are found');
    }
  }
}

/** `{}` is each file that is found: of the name that is looked for, somewhere below a root. */
function runs(
  words: readonly Field[],
  tests: readonly Field[],
  roots: readonly Field[],
  call: Invocation,
): Stream {
  const end = words.findIndex(
    ({ text }, index) => text === ';' || (text === '+' && words[index - 1]?.text === '{}'),
  );
  const command = end === -1 ? words : words.slice(0, end);
  const at = tests.findIndex(({ text }) => /^-i?name$/.test(text));
  const name = at === -1 ? HOLE : (tests[at + 1]?.text ?? HOLE);
  // A pattern of names that hold credentials stands for one of them.
  const plain = SECRET_NAME.test(name) ? name.replace(/[*?]/g, '') : name;
  const exact = !/[*?[]/.test(plain);
  let output: Stream = unknownStream('program');
  for (const root of roots) {
    const found = `${withoutTail(root.text, '/')}/${exact ? plain : HOLE}`;
    const fields = command.map(
      (word): Field =>
        word.text.includes('{}')
          ? { text: word.text.replaceAll('{}', () => found), glob: root.glob, from: word.from }
          : word,
    );
    output = call.reader.nested(() => call.reader.command(fields, call.scope, undefined));
  }
  return output;
}

/** `fd -x`: the same without roots. */
const fd: Judge = (call) => {
  call.reader.effects.capabilities.add('fs.read');
  const at = call.args.findIndex(({ text }) => /^(?:-x|-X|--exec(?:-batch)?)$/.test(text));
  if (at !== -1) {
    const here = { text: '.', glob: false, from: new Set<never>() };
    const words = call.args.slice(at + 1);
    const marked = words.some(({ text }) => /\{(?:\/|\/\/|\.|\/\.)?\}/.test(text));
    // Without a mark the files come last, as with `xargs`.
    runs(marked ? words : [...words, { ...here, text: '{}' }], [], [here], call);
  }
  return unknownStream('program');
};

export const FIND: Readonly<Record<string, Judge>> = { find, gfind: find, fd, fdfind: fd };
