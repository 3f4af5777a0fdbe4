import { foundNoted } from './effects.ts';
import { type Field, isKnown, SILENT, type Stream } from './field.ts';
import { readHost, readPathOf, writePathOf } from './object.ts';
import type { Reader } from './reader.ts';
import type { Scope } from './scope.ts';
import type { Redirection } from './tree.ts';
import { expandParts, expandText } from './word.ts';
import { keepContent } from './written.ts';

/** Where redirections lead. */
export interface Ends {
  /** Undefined when they leave standard input alone. */
  readonly stdin: Stream | undefined;
  /** One of them leads to a socket of the network. */
  readonly socket: boolean;
  /** Takes what the command writes; gives what is left for the next in the pipeline. */
  readonly write: (output: Stream) => Stream;
}

export function redirect(redirections: readonly Redirection[], scope: Scope, reader: Reader): Ends {
  let stdin: Stream | undefined;
  let socket = false;
  const outputs: { readonly path: string; readonly append: boolean }[] = [];
  for (const redirection of redirections) {
    reader.step();
    switch (redirection.type) {
      case 'HereDoc': {
        const { text, parts } = redirection.body;
        stdin = parts === undefined ? { text, from: new Set() } : expandParts(parts, scope, reader);
        continue;
      }
      case 'HereString': {
        const value = redirection.target && expandText(redirection.target, scope, reader);
        stdin = value && { ...value, text: `${value.text}\n` };
        continue;
      }
      case 'Redirect': {
        if (redirection.target === undefined) continue;
        const target = expandText(redirection.target, scope, reader);
        const { operator } = redirection;
        if ((operator === '<&' || operator === '>&') && /^\d*-?$/.test(target.text)) {
          socket ||= scope.socket && Number.parseInt(target.text, 10) > 2;
          continue;
        }
        // SECURITY: a descriptor that is named only then may be that of the connection.
        if (operator.endsWith('&') && !isKnown(target.text) && scope.socket) {
          socket = true;
          continue;
        }
        if (readSocket(target, reader)) {
          socket = true;
          stdin = { text: undefined, from: new Set(['download', 'socket']) };
        } else if (operator === '<' || operator === '<>' || operator === '<&') {
          stdin = target.pipe ?? readPathOf(target, scope, reader);
        } else {
          writePathOf(target, scope, reader);
          outputs.push({ path: target.text, append: operator.endsWith('>>') });
        }
      }
    }
  }
  const write = (output: Stream): Stream => {
    for (const { path, append } of outputs) keepContent(path, scope, output, append);
    return outputs.length === 0 ? output : SILENT;
  };
  return { stdin, socket, write };
}

/** Bash opens `/dev/tcp/host/port` as a connection. */
function readSocket(target: Field, reader: Reader): boolean {
  const match = /^\/dev\/(?:tcp|udp)\/([^/]*)/.exec(target.text);
  if (match === null) return false;
  readHost({ ...target, text: match[1] ?? '' }, reader);
  foundNoted(reader.effects, 'shell.raw_socket', 'opens a connection through `/dev/tcp`');
  return true;
}
