import { gunzipSync } from 'node:zlib';
import { isJsonObject, type JsonObject, type JsonValue, parseStrict } from '@aegis/core';

/** What a bundle of OPA holds. */
export interface OpaArchive {
  readonly module: Uint8Array;
  /** What policies find below `data`. */
  readonly data: JsonObject;
}

/** Most bytes of a bundle when it is unpacked. */
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_FILES = 4096;
const BLOCK = 512;

/**
 * Reads a bundle as `opa build -t wasm` writes it: a tar archive, packed with gzip, of `policy.wasm`, `data.json` of each
 * folder and `.manifest`. Answers in words what is wrong with it.
 *
 * SECURITY: nothing is written anywhere, so that no name leads out of a folder; what is not understood is refused.
 */
export function readArchive(bytes: Uint8Array): OpaArchive | string {
  let unpacked: Buffer;
  try {
    unpacked = gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? `it is larger than ${MAX_UNPACKED} bytes when it is unpacked`
      : 'it is not packed with gzip';
  }
  const files = filesOf(unpacked);
  return typeof files === 'string' ? files : readFiles(files);
}

function readFiles(files: ReadonlyMap<string, Buffer>): OpaArchive | string {
  if (files.has('.signatures.json')) {
    return 'it is signed, and signatures of OPA are not verified: build it without, and sign the policy of Aegis';
  }
  const module = files.get('policy.wasm');
  if (module === undefined) return 'there is no `policy.wasm` in it';
  const manifest = jsonOf(files, '.manifest');
  if (typeof manifest === 'string') return manifest;
  const wasm = isJsonObject(manifest) ? manifest['wasm'] : undefined;
  for (const one of Array.isArray(wasm) ? wasm : []) {
    const named = isJsonObject(one) ? one['module'] : undefined;
    if (named !== '/policy.wasm' && named !== 'policy.wasm')
      return 'its manifest names a module beside `policy.wasm`';
  }
  const data = readData(files);
  return typeof data === 'string' ? data : { module: new Uint8Array(module), data };
}

/** `a/b/data.json` is found at `data.a.b`. */
function readData(files: ReadonlyMap<string, Buffer>): JsonObject | string {
  const data: Record<string, JsonValue> = Object.create(null);
  // From the outer folders to the inner ones.
  const depth = (name: string): number => name.split('/').length;
  const names = [...files.keys()]
    .filter((name) => /(^|\/)data\.(json|ya?ml)$/.test(name))
    .toSorted((a, b) => depth(a) - depth(b));
  for (const name of names) {
    if (!name.endsWith('.json')) return `\`${name}\` is not JSON`;
    const value = jsonOf(files, name);
    if (typeof value === 'string') return value;
    const folders = name.split('/').slice(0, -1);
    if (!isJsonObject(value)) return `\`${name}\` is not an object`;
    const place = folderOf(data, folders);
    if (place === undefined) return `\`${name}\` says again what another file says`;
    for (const [key, member] of Object.entries(value)) {
      if (Object.hasOwn(place, key) || key === '__proto__')
        return `\`${name}\` says again what another file says`;
      place[key] = member;
    }
  }
  return data;
}

function folderOf(
  data: Record<string, JsonValue>,
  folders: readonly string[],
): Record<string, JsonValue> | undefined {
  let place = data;
  for (const folder of folders) {
    if (folder === '__proto__') return undefined;
    const inner = Object.hasOwn(place, folder) ? place[folder] : Object.create(null);
    if (!isJsonObject(inner)) return undefined;
    place[folder] = inner;
    place = inner;
  }
  return place;
}

function jsonOf(files: ReadonlyMap<string, Buffer>, name: string): JsonValue | string {
  const text = files.get(name)?.toString('utf8');
  if (text === undefined) return null;
  const parsed = parseStrict(text);
  if (!parsed.ok || typeof parsed.value === 'string') return `\`${name}\` is not an object of JSON`;
  return parsed.value;
}

/** The files of a tar archive (POSIX ustar) by their names without a leading slash. */
function filesOf(archive: Buffer): ReadonlyMap<string, Buffer> | string {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return files;
    if (!isSummed(header)) return 'it is not a tar archive, or a damaged one';
    const size = Number.parseInt(textOf(header, 124, 12), 8);
    const end = at + BLOCK + size;
    if (!Number.isSafeInteger(size) || size < 0 || end > archive.length) return 'it is cut off';
    const type = textOf(header, 156, 1);
    const name = nameOf(header);
    if (type === '' || type === '0') {
      if (files.has(name)) return `\`${name}\` is in it twice`;
      if (files.size === MAX_FILES) return `it has more than ${MAX_FILES} files`;
      files.set(name, archive.subarray(at + BLOCK, end));
    } else if (type !== '5') return `\`${name}\` is neither a file nor a folder`;
    at = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return 'it is cut off';
}

function nameOf(header: Buffer): string {
  const prefix = textOf(header, 345, 155);
  const name = textOf(header, 0, 100);
  return (prefix === '' ? name : `${prefix}/${name}`).replace(/^(?:\.?\/)+/, '');
}

function textOf(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field
    .subarray(0, end < 0 ? length : end)
    .toString('utf8')
    .trim();
}

/** The sum of a header is made with its own field as spaces. */
function isSummed(header: Buffer): boolean {
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 0x20 : (header[at] ?? 0);
  return Number.parseInt(textOf(header, 148, 8), 8) === sum;
}
