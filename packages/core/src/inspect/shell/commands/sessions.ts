import { type Field, isKnown, unknownStream } from '../field.ts';
import { readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { childScope } from '../scope.ts';
import { judgePlain } from './plain.ts';

/** Words that run as one command, or one word that is a whole text of shell. */
function starts(words: readonly Field[], { reader, scope }: Invocation): void {
  const [only, ...more] = words;
  reader.effects.capabilities.add('exec');
  if (only === undefined) return;
  if (more.length === 0) reader.code(only.text, childScope(scope), undefined);
  else reader.nested(() => reader.command(words, childScope(scope), undefined));
}

const screen: Judge = (call) => {
  const { operands } = readOptions(call.args, { valued: 'S c e h p s t T X', untilOperand: true });
  starts(operands, call);
  return unknownStream('program');
};

const TMUX_STARTS =
  /^(?:new(?:-session|-window)?|neww|split(?:-window|w)|respawn-\w+|run(?:-shell)?|if-shell)$/;

const tmux: Judge = (call) => {
  const { operands } = readOptions(call.args, { valued: 'f L S c T', untilOperand: true });
  const [verb, ...rest] = operands;
  call.reader.effects.capabilities.add('exec');
  const { operands: words } = readOptions(rest, { valued: 'c e F f n s t x y l p', untilOperand: true });
  if (verb !== undefined && TMUX_STARTS.test(verb.text)) starts(words, call);
  // SECURITY: keys that are typed into a shell are code of it.
  if (verb !== undefined && /^send(?:-keys)?$/.test(verb.text)) {
    const typed = words.map(({ text }) => text).filter((text) => !/^(?:Enter|C-m|KPEnter)$/.test(text));
    for (const text of typed) if (isKnown(text)) call.reader.code(text, childScope(call.scope), undefined);
  }
  return unknownStream('program');
};

/** `start-stop-daemon --exec program -- arguments`. */
const daemon: Judge = (call) => {
  const options = readOptions(call.args, {
    valued: 'a startas x exec n name u user c chuid d chdir r chroot p pidfile P nicelevel R retry',
  });
  const [program] = valuesFor(options, 'a', 'startas', 'x', 'exec');
  if (program !== undefined) starts([program, ...options.operands], call);
  return unknownStream('program');
};

/** The shell that runs the recipes, and the recipes that come from standard input. */
const make: Judge = (call) => {
  const { args, stdin, reader, scope } = call;
  for (const { text } of args) {
    const code = /^\.?SHELL(?:FLAGS)?=(\S+\s[^]*)$/.exec(text)?.[1];
    if (code !== undefined && isKnown(code)) reader.code(code, childScope(scope), undefined);
  }
  const reads = args.some(
    ({ text }, index) => text === '-f-' || (text === '-f' && args[index + 1]?.text === '-'),
  );
  for (const line of reads ? (stdin?.text ?? '').split('\n') : []) {
    const recipe = /^\t[-@+]*(.+)$/.exec(line)?.[1] ?? /^[^\t#:=]+:[^=;]*;(.+)$/.exec(line)?.[1];
    if (recipe !== undefined && isKnown(recipe))
      reader.code(recipe.replaceAll('$$', '$'), childScope(scope), undefined);
  }
  return judgePlain(call);
};

/** The loader of programs, given one by its path. */
const loader: Judge = (call) => {
  const { operands } = readOptions(call.args, {
    valued: 'library-path inhibit-rpath audit preload argv0',
    untilOperand: true,
  });
  return call.reader.nested(() => call.reader.command(operands, call.scope, call.stdin));
};

export const SESSIONS: Readonly<Record<string, Judge>> = {
  screen,
  tmux,
  'start-stop-daemon': daemon,
  make,
  gmake: make,
  'ld.so': loader,
  'ld-linux.so.2': loader,
  'ld-linux-x86-64.so.2': loader,
  'ld-linux-aarch64.so.1': loader,
  'ld-musl-x86_64.so.1': loader,
};
