import { BUILTINS } from './commands/builtins.ts';
import { CONTAINERS } from './commands/containers.ts';
import { DATA } from './commands/data.ts';
import { DATABASES } from './commands/databases.ts';
import { DELETING } from './commands/deleting.ts';
import { DISKS } from './commands/disks.ts';
import { readEscapes } from './commands/escapes.ts';
import { FILES } from './commands/files.ts';
import { FIND } from './commands/find.ts';
import { GIT } from './commands/git.ts';
import { INTERPRETERS } from './commands/interpreters.ts';
import { ITEMS } from './commands/items.ts';
import { NETWORK } from './commands/network.ts';
import { noteSources } from './commands/packages.ts';
import { judgePlain } from './commands/plain.ts';
import { REMOTE } from './commands/remote.ts';
import { noteResources } from './commands/resources.ts';
import { SECRETS } from './commands/secrets.ts';
import { noteServer } from './commands/servers.ts';
import { SESSIONS } from './commands/sessions.ts';
import { SHELLS } from './commands/shells.ts';
import { SYSTEM } from './commands/system.ts';
import { WINDOWS } from './commands/windows.ts';
import { WRAPPERS } from './commands/wrappers.ts';
import { foundDenying } from './effects.ts';
import { type Field, field, HOLE, isKnown, SILENT, type Stream } from './field.ts';
import { namePath } from './object.ts';
import { plainPath } from './place.ts';
import { runFile } from './run-file.ts';
import type { Judge, Reader } from './reader.ts';
import type { Scope } from './scope.ts';
import { readFunctionCall } from './statement.ts';
import { contentOf } from './written.ts';

const JUDGES: ReadonlyMap<string, Judge> = new Map(
  [
    BUILTINS,
    SHELLS,
    WRAPPERS,
    ITEMS,
    INTERPRETERS,
    DATA,
    FILES,
    DELETING,
    FIND,
    GIT,
    NETWORK,
    REMOTE,
    SECRETS,
    SYSTEM,
    DATABASES,
    DISKS,
    SESSIONS,
    WINDOWS,
    CONTAINERS,
  ].flatMap((table) => Object.entries(table)),
);

/** Whether a word is the name of a program, of the machine or of the shell, of which something is known here. */
export function isProgram(name: string): boolean {
  return JUDGES.has(name.replace(VERSIONED, '$1'));
}

/** Programs that are installed under a name with their version. */
const VERSIONED = /^(python|pypy|perl|ruby|php|lua|node|pip)-?\d[\d.]*$/;

/** Where programs are that have the names they are known by. */
const INSTALLED = /^(?:\/usr(?:\/local|\/pkg)?|\/opt\/homebrew|\/run\/current-system\/sw)?\/s?bin\/[^/]+$/;

/** What a command with expanded words does, and what it writes. */
export function runCommand(
  fields: readonly Field[],
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  reader.step();
  const [word, ...args] = fields;
  if (word === undefined || word.text === '') return SILENT;
  const name = word.text.slice(word.text.lastIndexOf('/') + 1).replace(VERSIONED, '$1');
  if (word.from.has('download')) {
    foundDenying(reader.effects, 'shell.download_and_run', 'runs a command that comes from the network');
  }
  const call = { name, args, stdin, scope, reader };
  if (!isKnown(name) || word.glob) {
    noteCommand('', args, reader);
    foundDenying(reader.effects, 'shell.dynamic', 'runs a program that is named only while it runs');
    return judgePlain({ ...call, name: HOLE });
  }
  reader.effects.programs.add(name);
  noteCommand(programOf(word.text), args, reader);
  const body = scope.functions.get(word.text);
  if (body !== undefined) {
    const inner = { ...scope, positional: [field(name), ...args] };
    const output = readFunctionCall(body, inner, stdin, reader);
    scope.folder = inner.folder;
    scope.socket = inner.socket;
    return output;
  }
  const alias = scope.aliases.get(word.text);
  if (alias !== undefined) {
    const aliases = new Map(scope.aliases);
    aliases.delete(word.text);
    const words = alias
      .trim()
      .split(/\s+/)
      .map((text) => field(text));
    return reader.nested(() => runCommand([...words, ...args], { ...scope, aliases }, stdin, reader));
  }
  // SECURITY: a file of any name may lie anywhere else.
  if (word.text.includes('/') && !INSTALLED.test(plainPath(word.text))) {
    reader.effects.capabilities.add('exec');
    namePath(word, scope, reader);
  }
  const written = word.text.includes('/') ? contentOf(word.text, scope) : undefined;
  if (written !== undefined) return runFile(word, written, args, { ...call, name });
  reader.running++;
  try {
    noteResources(call);
    noteSources(call);
    noteServer(call);
    readEscapes(call);
    return (JUDGES.get(name) ?? judgePlain)(call);
  } finally {
    reader.running--;
  }
}

/** SECURITY: a file elsewhere that has the name of a known program is another program, and keeps its folder. */
function programOf(text: string): string {
  return !text.includes('/') || INSTALLED.test(plainPath(text))
    ? text.slice(text.lastIndexOf('/') + 1)
    : text;
}

/** Words that the shell or the machine still has to fill in make the arguments unknown. */
function noteCommand(program: string, args: readonly Field[], { effects }: Reader): void {
  const known = args.every(({ text, glob, pipe }) => isKnown(text) && !glob && pipe === undefined);
  effects.commands.push({ program, args: known ? args.map(({ text }) => text).join(' ') : undefined });
}
