import { foundDenying, foundNoted } from './effects.ts';
import { type Field, HOLE, isKnown, type Stream } from './field.ts';
import { placesOf, plainPath } from './place.ts';
import type { Reader } from './reader.ts';
import type { Scope } from './scope.ts';
import { contentOf } from './written.ts';

/** Files that every command may use. */
const NO_FILE = /^\/dev\/(?:null|zero|full|u?random|stdin|stdout|stderr|tty|fd\/.*|tcp\/.*|udp\/.*)$|^-?$/;

/** A file whose content is read; gives the content as far as the line itself made it. */
export function readPathOf(path: Field, scope: Scope, reader: Reader): Stream {
  if (path.pipe !== undefined) return path.pipe;
  reader.effects.capabilities.add('fs.read');
  namePath(path, scope, reader);
  const { text } = path;
  // SECURITY: a variable that nobody has set is nothing, and the name is whole without it.
  const without = isKnown(text) ? text : text.replaceAll(HOLE, '');
  const secret = [text, without].some((name) => {
    const places = placesOf(name, scope.folder);
    return places.has('credential') || places.has('key');
  });
  if (secret) {
    foundDenying(reader.effects, 'shell.credential_read', 'reads a file that holds credentials');
    return { text: undefined, from: new Set(['secret', 'file']) };
  }
  if (placesOf(text, scope.folder).has('history')) {
    foundDenying(reader.effects, 'shell.credential_read', 'reads the history of a shell');
  }
  const ofSystem = /^\/etc(?:\/|$)/.test(plainPath(text, scope.folder));
  return (
    contentOf(text, scope) ?? { text: undefined, from: new Set(ofSystem ? ['system', 'file'] : ['file']) }
  );
}

/** A file that is made, changed or overwritten. */
export function writePathOf(path: Field, scope: Scope, reader: Reader): void {
  reader.effects.capabilities.add('fs.write');
  namePath(path, scope, reader);
  const places = placesOf(path.text, scope.folder);
  if (places.has('persistence')) {
    foundDenying(reader.effects, 'shell.persistence', 'writes a file that takes effect later, by itself');
  } else if (places.has('log') || places.has('history')) {
    foundDenying(reader.effects, 'shell.evasion', 'writes a log or the history of a shell');
  } else if (places.has('device')) {
    foundDenying(reader.effects, 'shell.destructive', 'writes a device');
  } else if (places.has('system')) {
    foundDenying(reader.effects, 'shell.system_write', 'writes a folder of the system');
  }
}

/** A file or folder that is deleted; `whole` with everything below it. */
export function deletePathOf(path: Field, scope: Scope, reader: Reader, whole: boolean): void {
  const { effects } = reader;
  effects.capabilities.add('fs.delete');
  namePath(path, scope, reader);
  const places = placesOf(path.text, scope.folder);
  if (places.has('log') || places.has('history')) {
    foundDenying(effects, 'shell.evasion', 'deletes a log or the history of a shell');
  } else if (
    ['system', 'home', 'device', 'persistence', 'credential'].some((place) => places.has(place as never))
  ) {
    foundDenying(effects, 'shell.destructive', 'deletes what the system or its user needs');
  } else if (!isKnown(path.text) && path.from.has('system')) {
    foundDenying(effects, 'shell.destructive', 'deletes files of the system that are found');
  } else if (isUnknownOf('system', path, scope) || isUnknownOf('home', path, scope)) {
    foundDenying(effects, 'shell.destructive', 'deletes what the system or its user needs');
  } else if (whole && !isTemporary(path, scope)) {
    foundDenying(effects, 'shell.destructive', 'deletes a folder with everything in it');
  } else if (whole) {
    foundNoted(effects, 'shell.recursive_delete', 'deletes a temporary folder with everything in it');
  }
}

/** Any file of a folder: the name is known only when it runs. */
function isUnknownOf(place: 'system' | 'home', { text }: Field, { folder }: Scope): boolean {
  return text.endsWith(`/${HOLE}`) && placesOf(text.slice(0, -HOLE.length), folder).has(place);
}

/** SECURITY: a hole may be `..`, so it counts only where it is part of a longer name. */
function isTemporary({ text }: Field, { folder }: Scope): boolean {
  if (text.split('/').some((segment) => segment === HOLE)) return false;
  return placesOf(text, folder).has('temporary');
}

/** Gives the text of a path to whoever judges paths; a pattern counts as the folder it looks into. */
export function namePath({ text, glob, pipe }: Field, { folder }: Scope, { effects }: Reader): void {
  if (pipe !== undefined || effects.elsewhere > 0 || NO_FILE.test(text)) return;
  const relative = !/^[/~]/.test(text);
  const whole = relative && folder !== '.' ? `${folder}/${text}` : text;
  const found = glob ? whole.search(/[*?[]/) : -1;
  const head = found === -1 ? whole : whole.slice(0, whole.lastIndexOf('/', found) + 1) || '.';
  if (!isKnown(head) || (found !== -1 && whole.slice(found).includes('..'))) {
    effects.unknownPath = true;
  } else {
    effects.paths.add(head);
  }
}

/** A host that is reached: a name, an address, with or without a port. */
export function readHost({ text }: Field, { effects }: Reader): void {
  effects.capabilities.add('net.egress');
  if (effects.elsewhere > 0) return;
  const host = text.replace(/^[^@/]*@/, '');
  if (host === '' || !isKnown(host)) effects.unknownHost = true;
  else effects.urls.add(`https://${/^[0-9a-f:]*:[0-9a-f:]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host}`);
}

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** A URL that is fetched or sent to. Curl and its like take a host for one, too. */
export function readUrlOf(url: Field, scope: Scope, reader: Reader): void {
  const scheme = SCHEME.exec(url.text)?.[1]?.toLowerCase();
  if (scheme === 'file') {
    readPathOf({ ...url, text: url.text.slice('file://'.length) }, scope, reader);
    return;
  }
  const { effects } = reader;
  effects.capabilities.add('net.egress');
  if (effects.elsewhere > 0) return;
  const rest = url.text.replace(SCHEME, '');
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const address = /^(?:\d{1,3}\.){3}\d{1,3}(?=\uFDD0)/.exec(authority)?.[0];
  // What is known only then may be nothing but the path.
  if (address !== undefined) effects.urls.add(`https://${address}/`);
  if (authority === '' || !isKnown(authority)) {
    effects.unknownHost = true;
    return;
  }
  // What follows a hole, and what is only known then, does not change where the URL leads.
  const known = rest.split(HOLE, 1)[0] ?? rest;
  const carried = scheme !== undefined && /^(?:https?|wss?|ftps?)$/.test(scheme) ? scheme : 'https';
  effects.urls.add(`${carried}://${known}`);
}

/** Where `cd` leads; `HOLE` when that is not known. */
export function folderAfter(target: Field | undefined, scope: Scope): string {
  const text = target?.text ?? '~';
  if (text === '-' || !isKnown(text) || target?.glob === true) return HOLE;
  if (/^[/~]/.test(text)) return text;
  return scope.folder === HOLE ? HOLE : plainPath(`${scope.folder}/${text}`);
}
