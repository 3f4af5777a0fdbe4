import {
  DECODES,
  DELETES,
  FETCHES,
  FORKS,
  IS_SHELL,
  LOGIN_ITEM,
  RUNS,
  RUNS_GIVEN,
  RUNS_TEXT,
  SOCKET,
  TEXT_THAT_RUNS,
  TIES,
  WRITES,
} from './code-patterns.ts';
import { foundDenying } from './effects.ts';
import { unescape } from './encoding.ts';
import { field, isKnown } from './field.ts';
import { readUrlOf } from './object.ts';
import { placesOf } from './place.ts';
import type { Reader } from './reader.ts';
import { childScope, type Scope } from './scope.ts';

// Code of other languages is not parsed: what it calls is looked for, whatever the language, and the
// texts in it are read as the shell commands, files and URLs that they may be.

/** Texts of one program that are looked at. */
const MAX_TEXTS = 200;

/** What code of another language does, as far as its calls and its texts tell. */
export function readCode(written: string, scope: Scope, reader: Reader): void {
  const { effects } = reader;
  reader.step();
  // SECURITY: a name in two pieces is still the name.
  const code = written.replace(/(["'])\s{0,20}[+.]\s{0,20}\1/g, '');
  effects.capabilities.add('exec');
  if (!isKnown(code) && (RUNS.test(code) || RUNS_TEXT.test(code))) {
    foundDenying(effects, 'shell.dynamic', 'runs code that is put together while it runs');
  }
  const runs = RUNS.test(code);
  const connects = SOCKET.test(code);
  if (connects) {
    effects.capabilities.add('net.egress');
    effects.unknownHost = true;
    if (runs || TIES.test(code)) {
      foundDenying(effects, 'shell.reverse_shell', 'ties programs to a connection');
    }
  }
  if (FETCHES.test(code)) {
    effects.capabilities.add('net.egress');
    effects.unknownHost = true;
    if (RUNS_TEXT.test(code)) {
      foundDenying(effects, 'shell.download_and_run', 'runs code that comes from the network');
    }
  }
  if (RUNS_GIVEN.test(code))
    foundDenying(effects, 'shell.dynamic', 'runs code that is put together while it runs');
  if (LOGIN_ITEM.test(code)) foundDenying(effects, 'shell.persistence', 'changes what starts by itself');
  if (FORKS.test(code)) foundDenying(effects, 'shell.disruption', 'starts processes without end');
  if (DELETES.test(code)) foundDenying(effects, 'shell.destructive', 'code that deletes files');
  if (DECODES.test(code) && (RUNS_TEXT.test(code) || runs)) {
    foundDenying(effects, 'shell.encoded_code', 'runs code that only decoding brings to light');
  }
  if (WRITES.test(code)) effects.capabilities.add('fs.write');
  if (IS_SHELL.test(code)) readPossibleCommand(code, scope, reader);
  readTexts(code, runs, scope, reader);
  readInnerCode(code, scope, reader);
}

const TEXT = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|(?:%x|qx|qw)\s*[({[/]([^)}\]]*)/g;

/** What follows a text when it is an item of a list: the list may be a command. */
const NEXT_ITEM = /^\s*,\s*\[?\s*$/;

/** A text that the code itself runs as code, in its own language. */
function readInnerCode(code: string, scope: Scope, reader: Reader): void {
  for (const match of code.matchAll(TEXT_THAT_RUNS)) {
    const inner = match[1] ?? match[2] ?? '';
    reader.nested(() => readCode(unescape(inner).replace(/\\(["'`])/g, '$1'), scope, reader));
  }
}

function readTexts(code: string, runs: boolean, scope: Scope, reader: Reader): void {
  let list: string[] = [];
  let end = -1;
  const commands: string[] = [];
  const writes = WRITES.test(code);
  for (const match of [...code.matchAll(TEXT)].slice(0, MAX_TEXTS)) {
    const text = (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').replace(/\\(["'`\\])/g, '$1');
    if (end !== -1 && !NEXT_ITEM.test(code.slice(end, match.index))) {
      if (list.length > 1) commands.push(list.map(quoted).join(' '));
      if (runs) readShellName(list, reader);
      list = [];
    }
    list.push(text);
    end = match.index + match[0].length;
    commands.push(text);
    const places = placesOf(text, scope.folder);
    if (/^[/~.]/.test(text) && places.has('credential')) {
      foundDenying(reader.effects, 'shell.credential_read', 'code that names a file with credentials');
    }
    if (
      writes &&
      /^[/~]/.test(text) &&
      ['system', 'persistence', 'device'].some((place) => places.has(place as never))
    ) {
      foundDenying(reader.effects, 'shell.system_write', 'code that writes files of the system');
    }
    if (/^(?:https?|wss?|ftp):\/\//i.test(text)) {
      readUrlOf(field(text), scope, reader);
    }
  }
  if (list.length > 1) commands.push(list.map(quoted).join(' '));
  if (!runs) return;
  readShellName(list, reader);
  for (const command of new Set(commands)) {
    // Texts that are no commands are common: only what a command would do to harm counts.
    if (/\s/.test(command) && isKnown(command)) readPossibleCommand(command, scope, reader);
  }
}

/** A shell that is started with nothing to do but to be typed into. */
function readShellName(list: readonly string[], { effects }: Reader): void {
  const [program, ...args] = list;
  if (program === undefined || !SHELL_NAME.test(program)) return;
  if (args.every((text) => /^-[ipl]+$|^(?:ba|da|z|k)?sh$/.test(text)) && effects.elsewhere === 0) {
    foundDenying(effects, 'shell.hidden_code', 'starts a shell from another program');
  }
}

const SHELL_NAME = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|c|a|tc)?sh(?:\s+-[ipl]+)*$/;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A text that may be a command: it counts when it is a whole text of shell. */
function readPossibleCommand(text: string, scope: Scope, reader: Reader): void {
  const script = reader.parse(text);
  if ((script.errors?.length ?? 0) > 0) return;
  reader.nested(() => reader.script(script, childScope(scope), undefined));
}
