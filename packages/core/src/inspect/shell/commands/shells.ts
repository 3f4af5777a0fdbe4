import { foundDenying } from '../effects.ts';
import { type Field, field, isKnown, SILENT, unknownStream } from '../field.ts';
import { namePath, readPathOf } from '../object.ts';
import type { Judge } from '../reader.ts';
import { runStream } from '../run-file.ts';
import { childScope } from '../scope.ts';
import { contentOf } from '../written.ts';

/** `sh`, `bash` and their like: code of `-c`, a script, or what they read. */
const shell: Judge = (call) => {
  const { args, scope, reader, stdin } = call;
  reader.effects.capabilities.add('exec');
  if (scope.socket || stdin?.from.has('socket') === true) {
    foundDenying(reader.effects, 'shell.reverse_shell', 'ties a shell to a connection');
  }
  const { code, rest, reads } = shellArguments(args);
  if (code !== undefined) {
    if (code.from.has('download')) {
      foundDenying(reader.effects, 'shell.download_and_run', 'runs code that comes from the network');
    } else if (code.from.has('decoded') && !isKnown(code.text)) {
      foundDenying(reader.effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
    }
    const positional = rest.length === 0 ? [field('sh')] : rest;
    return reader.code(code.text, childScope(scope, positional), stdin);
  }
  const [script] = rest;
  if (script !== undefined && !reads) {
    const content = readPathOf(script, scope, reader);
    return runStream(content, { ...call, args: rest }, script.pipe === undefined ? 'a file' : 'a pipe');
  }
  // SECURITY: nobody but a person types into it, and no agent is one.
  if (stdin === undefined && reader.running > 1 && reader.effects.elsewhere === 0) {
    foundDenying(reader.effects, 'shell.hidden_code', 'starts a shell from another program');
  }
  if (stdin === undefined) return unknownStream('program', 'shell');
  const output = runStream(stdin, { ...call, args: [field('sh'), ...rest], stdin: undefined }, 'a pipe');
  return { ...output, from: new Set([...output.from, 'shell']) };
};

interface ShellArguments {
  readonly code: Field | undefined;
  readonly rest: readonly Field[];
  /** `-s`: the code is read although there are arguments. */
  readonly reads: boolean;
}

function shellArguments(args: readonly Field[]): ShellArguments {
  let takesCode = false;
  let reads = false;
  let index = 0;
  for (; index < args.length; index++) {
    const text = args[index]?.text ?? '';
    if (text === '--' || text === '-') {
      index++;
      break;
    }
    if (!/^[-+]./.test(text)) break;
    if (text.startsWith('--')) {
      if (text === '--rcfile' || text === '--init-file') index++;
      continue;
    }
    if (text.startsWith('-') && text.includes('c')) takesCode = true;
    if (text.includes('s')) reads = true;
    if (/[oO]$/.test(text)) index++;
  }
  const [first, ...rest] = args.slice(index);
  if (takesCode) return { code: first, rest, reads: false };
  return { code: undefined, rest: args.slice(index), reads };
}

const evaluate: Judge = ({ args, scope, stdin, reader }) => {
  if (args.some(({ from }) => from.has('download'))) {
    foundDenying(reader.effects, 'shell.download_and_run', 'runs code that comes from the network');
  } else if (args.some(({ from, text }) => from.has('decoded') && !isKnown(text))) {
    foundDenying(reader.effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  }
  reader.effects.capabilities.add('exec');
  return reader.code(args.map(({ text }) => text).join(' '), scope, stdin);
};

const source: Judge = (call) => {
  const [file, ...rest] = call.args;
  if (file === undefined) return SILENT;
  call.reader.effects.capabilities.add('exec');
  if (/^\/dev\/(?:stdin|fd\/0)$/.test(file.text) && call.stdin !== undefined) {
    return runStream(call.stdin, { ...call, args: rest, stdin: undefined }, 'a pipe', call.scope);
  }
  namePath(file, call.scope, call.reader);
  const content = file.pipe ?? contentOf(file.text, call.scope) ?? unknownStream('file');
  return runStream(content, call, file.pipe === undefined ? 'a file' : 'a pipe', call.scope);
};

/** `trap 'code' SIGNAL`. */
const trap: Judge = ({ args, scope, reader }) => {
  const code = args.find(({ text }) => !text.startsWith('-'));
  return code === undefined || args.length < 2
    ? SILENT
    : reader.code(code.text, childScope(scope), undefined);
};

export const SHELLS: Readonly<Record<string, Judge>> = {
  sh: shell,
  bash: shell,
  dash: shell,
  ash: shell,
  zsh: shell,
  ksh: shell,
  mksh: shell,
  fish: shell,
  csh: shell,
  tcsh: shell,
  rbash: shell,
  yash: shell,
  eval: evaluate,
  source,
  '.': source,
  trap,
};
