import { type Field, field, SILENT, type Stream } from './field.ts';
import { redirect } from './redirection.ts';
import type { Reader } from './reader.ts';
import { placesOf } from './place.ts';
import { assign, type Scope, UNKNOWN, valuesOf } from './scope.ts';
import { readSetting } from './setting.ts';
import type { Assignment, Redirection, SimpleCommand, Word } from './tree.ts';
import { expandText, expandWords } from './word.ts';

/** Builtins whose arguments may be assignments, which then last. */
const DECLARING: ReadonlySet<string> = new Set(['export', 'declare', 'typeset', 'local', 'readonly']);

/** What one command does: its assignments, its redirections, then the program it names. */
export function readSimpleCommand(
  command: SimpleCommand,
  scope: Scope,
  stdin: Stream | undefined,
  reader: Reader,
): Stream {
  const assignments: Assignment[] = [];
  const redirections: Redirection[] = [];
  const words: Word[] = command.name === undefined ? [] : [command.name];
  const declared: Assignment[] = [];
  for (const part of [...command.prefix, ...command.suffix]) {
    if (part.type === 'Word') words.push(part);
    else if (part.type !== 'Assignment') redirections.push(part);
    else if (command.suffix.includes(part)) declared.push(part);
    else assignments.push(part);
  }
  const ends = redirect(redirections, scope, reader);
  const fields = [...expandWords(words, withTemporary(command, scope), reader)];
  const declares = DECLARING.has(fields[0]?.text ?? '');
  for (const assignment of declared) {
    if (declares) readAssignment(assignment, scope, scope, reader);
    else fields.push(assignedText(assignment, scope, reader));
  }
  const apart = fields.length > 0 && !declares && (assignments.length > 0 || ends.socket);
  const inner = apart ? { ...scope, variables: new Map(scope.variables) } : scope;
  for (const assignment of assignments) readAssignment(assignment, scope, inner, reader);
  if (fields.length === 0) {
    if (redirections.length > 0) ends.write(SILENT);
    return SILENT;
  }
  if (fields[0]?.text === 'exec' && fields.length === 1) {
    scope.socket ||= ends.socket;
    return SILENT;
  }
  if (ends.socket) inner.socket = true;
  const output = ends.write(reader.command(fields, inner, ends.stdin ?? stdin));
  if (inner !== scope) scope.folder = inner.folder;
  return output;
}

/**
 * SECURITY: `TMPDIR=/ rm -rf $TMPDIR/x` deletes below the folder for temporary files of before, which whoever
 * writes it does not expect: then nobody knows which folder is meant.
 */
function withTemporary(command: SimpleCommand, scope: Scope): Scope {
  const texts = [...command.prefix, ...command.suffix].map((part) => ('text' in part ? part.text : ''));
  const astray = texts.flatMap((text) => {
    const [, name, value = ''] = /^(TMPDIR|TMP|TEMP)=["']?([^"']*)/.exec(text) ?? [];
    return name === undefined || placesOf(`${value}/x`, scope.folder).has('temporary') ? [] : [name];
  });
  if (astray.length === 0) return scope;
  const unknown = astray.map((name) => [name, [UNKNOWN]] as const);
  return { ...scope, variables: new Map([...scope.variables, ...unknown]) };
}

/** `A=b` before a command: the value is expanded with what was known before. */
function readAssignment(assignment: Assignment, scope: Scope, into: Scope, reader: Reader): void {
  const { name, value, append, index } = assignment;
  if (index !== undefined) expandText(index, scope, reader);
  const values =
    value.type === 'Word' ? [expandText(value, scope, reader)] : expandWords(value.elements, scope, reader);
  const before = append === true ? (valuesOf(scope, name) ?? []) : [];
  const [first] = values;
  if (value.type === 'Word' && before[0] !== undefined && first !== undefined) {
    assign(into, name, [{ ...first, text: `${before[0].text}${first.text}` }]);
  } else {
    assign(into, name, index === undefined ? [...before, ...values] : []);
    if (index !== undefined) into.variables.delete(name);
  }
  readSetting(name, first ?? field(''), into, reader);
}

function assignedText(assignment: Assignment, scope: Scope, reader: Reader): Field {
  const { name, value } = assignment;
  const text = value.type === 'Word' ? expandText(value, scope, reader) : field('');
  return { ...text, text: `${name}=${text.text}` };
}
