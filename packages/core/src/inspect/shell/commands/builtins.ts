import { foundDenying, foundNoted } from '../effects.ts';
import { field, HOLE, isKnown, SILENT, unknownStream } from '../field.ts';
import { MAX_NAMES, TooComplex } from '../limits.ts';
import { folderAfter, namePath, readHost } from '../object.ts';
import type { Judge } from '../reader.ts';
import { assign, UNKNOWN } from '../scope.ts';
import { readSetting } from '../setting.ts';

const nothing: Judge = () => SILENT;

const cd: Judge = ({ args, scope, reader }) => {
  const target = args.find(({ text }) => !/^-[LPe@]$/.test(text));
  const folder = folderAfter(target, scope);
  if (target !== undefined && folder !== HOLE) namePath(target, scope, reader);
  scope.folder = folder;
  return SILENT;
};

/** `export A=b` where the text was not an assignment to the parser, and names alone. */
const declare: Judge = ({ args, scope, reader }) => {
  for (const { text } of args) {
    const match = /^([A-Za-z_]\w*)=([^]*)$/.exec(text);
    if (match === null) continue;
    const value = field(match[2] ?? '');
    assign(scope, match[1] ?? '', [value]);
    readSetting(match[1] ?? '', value, scope, reader);
  }
  return args.length === 0 ? unknownStream('program', 'secret') : SILENT;
};

const unset: Judge = ({ args, scope, reader }) => {
  for (const { text } of args) {
    if (/^[A-Za-z_]\w*$/.test(text)) assign(scope, text, []);
    // SECURITY: a function that may still be there is judged when it is called.
    if (scope.conditional === 0) scope.functions.delete(text);
    if (text.startsWith('HIST')) {
      foundDenying(reader.effects, 'shell.evasion', 'keeps commands out of the history');
    }
  }
  return SILENT;
};

/** Variables that get what is read only when the line runs. */
const reads: Judge = ({ args, scope, stdin }) => {
  const [only, ...more] = args.filter(({ text }) => /^[A-Za-z_]\w*$/.test(text));
  const known = stdin?.text !== undefined && more.length === 0 && !stdin.text.trim().includes('\n');
  const value = known
    ? field(stdin.text?.trim() ?? '', stdin.from)
    : { ...UNKNOWN, from: stdin?.from ?? UNKNOWN.from };
  for (const { text } of [only ?? field('REPLY'), ...more]) assign(scope, text, [value]);
  return SILENT;
};

const set: Judge = ({ args, scope, reader }) => {
  const at = args.findIndex(({ text }) => text === '--');
  const [first, second] = args;
  const given = at !== -1 || (first !== undefined && !/^[-+]/.test(first.text));
  if (given && scope.conditional > 0) scope.positional = undefined;
  else if (at !== -1) scope.positional = [field('sh'), ...args.slice(at + 1)];
  else if (given) scope.positional = [field('sh'), ...args];
  if (first?.text === '+o' && second?.text === 'history') {
    foundDenying(reader.effects, 'shell.evasion', 'keeps commands out of the history');
  }
  return args.length === 0 ? unknownStream('program', 'secret') : SILENT;
};

const shift: Judge = ({ args, scope }) => {
  const count = Number(args[0]?.text ?? 1);
  if (scope.positional === undefined || scope.conditional > 0 || !Number.isInteger(count)) {
    scope.positional = undefined;
  } else scope.positional = [...scope.positional.slice(0, 1), ...scope.positional.slice(1 + count)];
  return SILENT;
};

const alias: Judge = ({ args, scope, reader }) => {
  for (const { text } of args) {
    const match = /^([^=]+)=([^]*)$/.exec(text);
    if (match === null) continue;
    const code = match[2] ?? '';
    scope.aliases.set(match[1] ?? '', code);
    if (scope.aliases.size > MAX_NAMES) throw new TooComplex(`more than ${MAX_NAMES} aliases`);
    if (isKnown(code)) reader.code(code, scope, undefined);
  }
  return SILENT;
};

const history: Judge = ({ args, reader }) => {
  if (args.some(({ text }) => /^-[a-z]*[cw]/.test(text))) {
    foundDenying(reader.effects, 'shell.evasion', 'clears the history');
  }
  return unknownStream('program');
};

const mapfile: Judge = ({ args, scope }) => {
  const name = args.findLast(({ text }) => /^[A-Za-z_]\w*$/.test(text))?.text ?? 'MAPFILE';
  scope.variables.set(name, [UNKNOWN]);
  return SILENT;
};

/** The test is a command, too: its operands are looked at only for what their expansion does. */
const test: Judge = ({ reader }) => {
  reader.effects.capabilities.add('fs.read');
  return SILENT;
};

/** `hash -p` and `enable -f` give a name to a program of somebody's choice. */
const renames: Judge = ({ args, reader }) => {
  if (args.some(({ text }) => /^-[a-z]*[pf]/.test(text))) {
    foundDenying(reader.effects, 'shell.hidden_code', 'gives a program the name of another');
  }
  return SILENT;
};

/** A connection of zsh, which later redirections lead to. */
const ztcp: Judge = ({ args, scope, reader }) => {
  const host = args.find(({ text }) => !text.startsWith('-'));
  if (host !== undefined) readHost(host, reader);
  foundNoted(reader.effects, 'shell.raw_socket', 'opens a connection from the shell');
  scope.socket = true;
  return SILENT;
};

const pwd: Judge = ({ scope }) => ({
  text: scope.folder === '.' ? '.\n' : `${scope.folder}\n`,
  from: new Set(),
});

const HARMLESS =
  ': true false exit return break continue wait jobs fg bg umask ulimit shopt times let bind complete compgen compopt help suspend logout dirs sleep clear reset tput stty setopt unsetopt autoload zstyle';

export const BUILTINS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(HARMLESS.split(' ').map((name) => [name, nothing])),
  cd,
  pushd: cd,
  popd: ({ scope }) => {
    scope.folder = HOLE;
    return SILENT;
  },
  pwd,
  ztcp,
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  unset,
  read: reads,
  getopts: reads,
  set,
  shift,
  alias,
  unalias: nothing,
  history,
  fc: nothing,
  hash: renames,
  enable: renames,
  mapfile,
  readarray: mapfile,
  test,
  '[': test,
};
