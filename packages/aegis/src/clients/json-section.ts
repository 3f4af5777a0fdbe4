import {
  AegisError,
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  printable,
} from '@aegis/core';
import { type JsoncMember, type JsoncNode, jsoncValue, readJsonc } from './jsonc.ts';
import { expectedServers, type NewEntry, type ServerSection } from './section.ts';

type ObjectNode = JsoncNode & { readonly kind: 'object' };

/**
 * Opens the object of servers at a path of a JSON text; undefined when there is none. Comments and
 * commas behind the last element are kept. Throws `INPUT_INVALID` when the text cannot be read.
 */
export function openJsonSection(
  text: string,
  file: string,
  path: readonly string[],
): ServerSection | undefined {
  const reading = readJsonc(text);
  if (!reading.ok) {
    const before = text.slice(0, reading.offset).split('\n');
    const place = `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
    throw new AegisError('INPUT_INVALID', printable(`${place}: ${reading.message}`), {
      help: 'mend the file first: nothing was changed',
    });
  }
  const node = nodeAt(reading.root, path);
  if (node?.kind !== 'object') return undefined;
  const servers = new Map(node.members.map(({ name, value }) => [name, jsoncValue(value)]));
  const document = jsoncValue(reading.root);
  return {
    servers,
    document,
    rawOf: (name) => {
      const member = node.members.find((one) => one.name === name);
      return member && text.slice(member.keyStart, member.value.end);
    },
    replace: (remove, insert) => {
      const edited = replaceMembers(text, node, remove, insert);
      const after = readJsonc(edited);
      const expected = withServers(document, path, expectedServers(servers, remove, insert));
      // INVARIANT: an edited file means what it meant before, but for the servers that were moved.
      if (!after.ok || canonicalJson(jsoncValue(after.root)) !== canonicalJson(expected)) {
        throw new AegisError(
          'INPUT_INVALID',
          `\`${file}\` is written in a way that cannot be edited safely`,
          {
            help: 'format it, one server per line or block, and try again: nothing was changed',
          },
        );
      }
      return edited;
    },
  };
}

function nodeAt(root: JsoncNode, path: readonly string[]): JsoncNode | undefined {
  let node: JsoncNode | undefined = root;
  for (const name of path) {
    node = node?.kind === 'object' ? node.members.find((member) => member.name === name)?.value : undefined;
  }
  return node;
}

function withServers(document: JsonValue, path: readonly string[], servers: JsonObject): JsonValue {
  const [name, ...rest] = path;
  if (name === undefined) return servers;
  const object = isJsonObject(document) ? document : {};
  return { ...object, [name]: withServers(object[name] ?? {}, rest, servers) };
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function replaceMembers(
  text: string,
  node: ObjectNode,
  remove: readonly string[],
  insert: readonly NewEntry[],
): string {
  const removed = node.members.filter(({ name }) => remove.includes(name));
  const [first] = removed;
  const replaced = insert.length > 0 ? first : undefined;
  const edits: Edit[] = removed
    .filter((member) => member !== replaced)
    .map((member) => wholeLines(text, member.keyStart, (member.comma ?? member.value.end - 1) + 1));
  const last = node.members.at(-1);
  if (last !== undefined && last !== replaced && last.comma === undefined && removed.includes(last)) {
    // What is now the last had a comma behind it, as the style of this object has none there.
    const kept = node.members.findLast((member) => member === replaced || !removed.includes(member));
    if (kept?.comma !== undefined) edits.push({ start: kept.comma, end: kept.comma + 1, text: '' });
  }
  if (insert.length > 0) edits.push(insertion(text, node, first, insert));
  let edited = text;
  for (const { start, end, text: replacement } of edits.toSorted((a, b) => b.start - a.start)) {
    edited = edited.slice(0, start) + replacement + edited.slice(end);
  }
  return edited;
}

/** A member's place, with its line breaks when nothing else stands on its lines. */
function wholeLines(text: string, keyStart: number, memberEnd: number): Edit {
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const alone = text.slice(lineStart, keyStart).trim() === '';
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(memberEnd));
  if (alone && rest !== null) return { start: lineStart, end: memberEnd + rest[0].length, text: '' };
  const blanks = /^[ \t]*/.exec(text.slice(memberEnd))?.[0].length ?? 0;
  return { start: keyStart, end: memberEnd + blanks, text: '' };
}

function insertion(
  text: string,
  node: ObjectNode,
  first: JsoncMember | undefined,
  insert: readonly NewEntry[],
): Edit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const outer = indentationAt(text, node.start);
  const model = first ?? node.members[0];
  const inner = model === undefined ? undefined : ownIndentation(text, model.keyStart);
  // An object on one line stays on one line.
  const oneLine = model !== undefined && inner === undefined;
  const indentation = inner ?? `${outer}  `;
  const unit =
    indentation.startsWith(outer) && indentation.length > outer.length
      ? indentation.slice(outer.length)
      : '  ';
  const separator = oneLine ? ', ' : `,${newline}${indentation}`;
  const written = insert
    .map(({ name, value, raw }) => {
      if (raw !== undefined) return raw;
      const json = JSON.stringify(value, null, oneLine ? undefined : unit);
      return `${JSON.stringify(name)}: ${json.replaceAll('\n', newline + indentation)}`;
    })
    .join(separator);
  if (first !== undefined) return { start: first.keyStart, end: first.value.end, text: written };
  const last = node.members.at(-1);
  if (last === undefined) {
    return {
      start: node.start,
      end: node.end,
      text: `{${newline}${indentation}${written}${newline}${outer}}`,
    };
  }
  const at = last.comma === undefined ? last.value.end : last.comma + 1;
  const lead = last.comma === undefined ? separator : separator.slice(1);
  return { start: at, end: at, text: lead + written + (last.comma === undefined ? '' : ',') };
}

/** The white space that a line begins with. */
function indentationAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}

/** The white space before a key; undefined when something else stands before it on its line. */
function ownIndentation(text: string, keyStart: number): string | undefined {
  const lineStart = text.lastIndexOf('\n', keyStart - 1) + 1;
  const before = text.slice(lineStart, keyStart);
  return lineStart > 0 && before.trim() === '' ? before : undefined;
}
