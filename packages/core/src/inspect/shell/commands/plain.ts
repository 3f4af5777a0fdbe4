import { foundDenying } from '../effects.ts';
import { field, isKnown, type Stream } from '../field.ts';
import { namePath, readPathOf, readUrlOf } from '../object.ts';
import { placesOf } from '../place.ts';
import type { Invocation } from '../reader.ts';
import { noteShellStart } from './shell-starts.ts';

/**
 * A program of which nothing is known here: it runs code, it may read every file that is named to it, and
 * go wherever a URL leads.
 */
export function judgePlain(call: Invocation): Stream {
  const { args, scope, reader, stdin } = call;
  noteShellStart(call);
  reader.effects.capabilities.add('exec');
  for (const arg of args) {
    if (arg.pipe !== undefined) continue;
    const text = /^(?:--?[\w-]+=@?|@)([^]*)$/.exec(arg.text)?.[1] ?? arg.text;
    const value = { ...arg, text };
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(text)) readUrlOf(value, scope, reader);
    else if (isKnown(text) && placesOf(text, scope.folder).has('credential'))
      readPathOf(value, scope, reader);
    else if (/^(?:[/~]|\.{1,2}(?:\/|$))/.test(text)) namePath(value, scope, reader);
  }
  if (args.some(({ from }) => from.has('secret'))) {
    foundDenying(reader.effects, 'shell.credential_read', 'hands a secret to another program');
  }
  return { text: undefined, from: new Set([...(stdin ?? field('')).from, 'program']) };
}
