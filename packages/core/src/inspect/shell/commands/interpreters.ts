import { readCode } from '../code.ts';
import { foundDenying } from '../effects.ts';
import { type Field, field, isKnown, type Stream, unknownStream } from '../field.ts';
import { readPathOf, writePathOf } from '../object.ts';
import { has, readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge, Reader } from '../reader.ts';
import { childScope, type Scope } from '../scope.ts';
import { contentOf } from '../written.ts';
import { noteShellStart } from './shell-starts.ts';

interface Interpreter {
  /** Options whose value is code. */
  readonly code: string;
  /** Other options that take the next argument. */
  readonly valued?: string;
  /** Options by which files are rewritten in place. */
  readonly edits?: boolean;
}

const LANGUAGES: Readonly<Record<string, Interpreter>> = {
  python: { code: 'c', valued: 'W X m' },
  pypy: { code: 'c', valued: 'W X m' },
  ipython: { code: 'c' },
  perl: { code: 'e E', valued: 'I', edits: true },
  ruby: { code: 'e', valued: 'I r', edits: true },
  node: { code: 'e eval p print', valued: 'r require import loader' },
  nodejs: { code: 'e eval p print', valued: 'r require' },
  bun: { code: 'e eval p print' },
  deno: { code: '' },
  php: { code: 'r B R E', valued: 'd c t S f' },
  lua: { code: 'e', valued: 'l' },
  luajit: { code: 'e', valued: 'l' },
  osascript: { code: 'e', valued: 'l' },
  tclsh: { code: 'c' },
  expect: { code: 'c' },
  Rscript: { code: 'e' },
  R: { code: 'e' },
  julia: { code: 'e eval E' },
  groovy: { code: 'e' },
  groovysh: { code: 'e' },
  elixir: { code: 'e eval' },
  guile: { code: 'c' },
  jshell: { code: '' },
  emacs: { code: 'eval', valued: 'l load f' },
  jrunscript: { code: 'e' },
  irb: { code: 'e' },
  octave: { code: 'eval' },
  'octave-cli': { code: 'eval' },
  rake: { code: 'p e E', valued: 'f' },
  jjs: { code: '' },
  cpan: { code: '' },
};

const LOADS = /^-[a-zA-Z]{0,4}?[Mmr]([A-Za-z][\w:/-]*)/;

function interpreter({ code, valued = '', edits = false }: Interpreter): Judge {
  return (call) => {
    const { args, scope, stdin, reader } = call;
    const options = readOptions(args, { valued: `${code} ${valued}`, untilOperand: true });
    reader.effects.capabilities.add('exec');
    const inline = call.name === 'deno' && options.operands[0]?.text === 'eval';
    const texts = inline ? options.operands.slice(1, 2) : valuesFor(options, ...code.split(' '));
    // What is loaded first tells what names in the code mean: `-MLWP::Simple`, `-rsocket`.
    const loaded = args.map(({ text }) => LOADS.exec(text)?.[1]).filter((name) => name !== undefined);
    const before = loaded.length === 0 || texts.length === 0 ? '' : `${loaded.join(';')};`;
    for (const text of texts) runText({ text: `${before}${text.text}`, from: text.from }, call);
    if (texts.length > 0) {
      for (const file of options.operands) {
        if (edits && has(options, 'i')) writePathOf(file, scope, reader);
        else readPathOf(file, scope, reader);
      }
      return { text: undefined, from: stdin?.from ?? new Set(['program']) };
    }
    const [module] = call.name === 'python' ? valuesFor(options, 'm') : [];
    // A module that is a program of its own.
    if (module !== undefined && /^(?:pip|easy_install|pipx|uv)$/.test(module.text)) {
      return reader.nested(() => reader.command([module, ...options.operands], scope, stdin));
    }
    return runScript(options.operands, valuesFor(options, 'm').length > 0, call);
  };
}

function runScript(operands: readonly Field[], module: boolean, call: Invocation): Stream {
  const [script] = operands;
  if (module) return unknownStream('program');
  if (script !== undefined && !/^(?:-|\/dev\/(?:stdin|fd\/0)|\/proc\/self\/fd\/0)$/.test(script.text)) {
    const content = script.pipe ?? contentOf(script.text, call.scope);
    if (content !== undefined) runText(content, call);
    else readPathOf(script, call.scope, call.reader);
  } else if (call.stdin !== undefined) {
    runText(call.stdin, call);
  }
  return unknownStream('program');
}

function runText({ text, from }: Stream, { name, scope, reader }: Invocation): void {
  const { effects } = reader;
  if (from.has('download')) {
    foundDenying(effects, 'shell.download_and_run', 'runs code that comes from the network');
  }
  if (text !== undefined) {
    readCode(text, scope, reader);
    if (/^(?:tclsh|wish|expect)$/.test(name)) readTclCommands(text, scope, reader);
  }
  if (text === undefined || !isKnown(text)) {
    if (from.has('decoded')) {
      foundDenying(effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
    } else if (text === undefined && from.size === 0) {
      foundDenying(effects, 'shell.dynamic', 'runs code that another program writes');
    }
  }
}

/** Tcl starts programs by bare words. */
function readTclCommands(text: string, scope: Scope, reader: Reader): void {
  for (const [, words = ''] of text.matchAll(/(?:^|[;[{\n])\s*(?:exec|spawn|system)[ \t]+([^\n;\]}]+)/g)) {
    if (isKnown(words)) reader.code(words.replace(/\d?[<>]\s{0,3}@\w+/g, ''), childScope(scope), undefined);
  }
}

/** `go run file`, `crystal eval code`: languages that are compiled before they run. */
const compiled: Judge = (call) => {
  const [verb, ...rest] = call.args;
  call.reader.effects.capabilities.add('exec');
  const { operands } = readOptions(rest);
  const [first] = operands;
  if (first === undefined) return unknownStream('program');
  if (verb?.text === 'eval') runText(first, call);
  else if (verb?.text === 'run') return runScript(operands, false, call);
  return unknownStream('program');
};

/** `awk`: a program of its own language, which may run others. */
const awk: Judge = (call) => {
  const { args, scope, reader, stdin } = call;
  const options = readOptions(args, {
    valued: 'f F v e i file field-separator assign source',
    untilOperand: true,
  });
  const given = valuesFor(options, 'f', 'file', 'e', 'source').length > 0;
  const [program, ...rest] = options.operands;
  const texts = given ? valuesFor(options, 'e', 'source') : program === undefined ? [] : [program];
  for (const { text } of texts) {
    if (RUNS_PROGRAMS.test(text)) readCode(text, scope, reader);
    if (/@load\s*"/.test(text)) foundDenying(reader.effects, 'shell.hidden_code', 'loads code of somebody');
    if (runsReadLine(text))
      foundDenying(reader.effects, 'shell.dynamic', 'runs code that another program writes');
  }
  reader.effects.capabilities.add('fs.read');
  const files = (given ? options.operands : rest).filter(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
  const streams = files.map((file) => readPathOf(file, scope, reader));
  return { text: undefined, from: streams.at(-1)?.from ?? stdin?.from ?? new Set(['program']) };
};

/** Names that lines of other programs are read into. */
const READ_LINE = /\|&?\s{0,9}getline\s{1,9}([a-zA-Z_]\w{0,40})/g;

/** Whether a line that one program wrote is run as another. */
function runsReadLine(text: string): boolean {
  const run = new Set([...text.matchAll(/\bsystem\s{0,9}\(\s{0,9}(\w{1,41})/g)].map(([, name]) => name));
  return [...text.matchAll(READ_LINE)].some(([, name]) => run.has(name));
}

const RUNS_PROGRAMS = /\bsystem\s*\(|\|\s*getline|\|\s*["&]|\|&|\/inet\d?\//;

/** Editors, pagers and clients of databases: an argument of theirs may be a command of theirs that starts a shell. */
export const escapes: Judge = (call) => {
  const { args, scope, reader } = call;
  noteShellStart(call);
  reader.effects.capabilities.add('exec').add('fs.read');
  for (const arg of args) {
    const code =
      /(?:^\+?|[\s'"|;])(?::|\\)?[%\d.,$]{0,12}!\s*([^]+)$/.exec(arg.text)?.[1] ??
      /^(?:\.shell|\.system)\s+([^]+)$/.exec(arg.text)?.[1];
    if (code !== undefined && /^(?:[+:\\.!%]|-)/.test(arg.text.trim())) {
      foundDenying(reader.effects, 'shell.hidden_code', 'starts a shell from another program');
      if (isKnown(code)) reader.code(code, scope, undefined);
    } else if (/\b(?:system|term_start|job_start|luaeval|py3?eval)\s*\(/.test(arg.text)) {
      readCode(arg.text, scope, reader);
    } else if (/^[+:]?(?:py3?|python3?|lua|perl|ruby)\b.*\b(?:system|exec|pty)\b/.test(arg.text)) {
      foundDenying(reader.effects, 'shell.hidden_code', 'starts a shell from another program');
    } else if (!/^[-+]/.test(arg.text)) {
      readPathOf(/[/.~]/.test(arg.text) ? arg : field('-'), scope, reader);
    }
  }
  return unknownStream('program');
};

/** A pager that is named on the line is a command. */
const man: Judge = (call) => {
  const options = readOptions(call.args, { valued: 'P H pager C L m M S s e' });
  for (const { text } of valuesFor(options, 'P', 'pager', 'H')) {
    if (/^\s*(?:\S*\/)?(?:ba|da|z|k)?sh(?:\s|$)/.test(text)) {
      foundDenying(call.reader.effects, 'shell.hidden_code', 'starts a shell from another program');
    }
    call.reader.code(text, childScope(call.scope), undefined);
  }
  return escapes({ ...call, args: [] });
};

const ESCAPING = 'rview vi vim nvim view ex ed gvim rvim vimdiff gdb';

export const INTERPRETERS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(ESCAPING.split(' ').map((name) => [name, escapes])),
  ...Object.fromEntries(Object.entries(LANGUAGES).map(([name, language]) => [name, interpreter(language)])),
  man,
  go: compiled,
  v: compiled,
  crystal: compiled,
  dart: compiled,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
};
