import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import type { PolicyBundle } from '@aegis/core';

/** Gives the text of a file by its absolute path. Rejects as the file system does, with a `code`. */
export type ReadText = (file: string) => Promise<string>;

/** A module of WebAssembly and an archive, which are no texts, are given in base64. */
export const readDisk: ReadText = (file) =>
  readFile(file, /\.(?:wasm|gz|tgz)$/.test(file) ? 'base64' : 'utf8');

/** Remembers every text that is read through it: what a policy was made of. */
export class RecordedTexts {
  readonly #texts = new Map<string, string | undefined>();
  readonly #read: ReadText;

  constructor(read: ReadText = readDisk) {
    this.#read = read;
  }

  readonly read: ReadText = async (file) => {
    this.#texts.set(file, undefined);
    const text = await this.#read(file);
    this.#texts.set(file, text);
    return text;
  };

  /** Every file that was asked for, those that could not be read included. */
  get files(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** What was read, and the file that names it all, by paths as seen from the folder. */
  bundle(configuration: { readonly file: string; readonly text: string }, directory: string): PolicyBundle {
    const entry = bundledName(configuration.file, directory);
    const named = [...this.#texts].flatMap(([file, text]): [string, string][] =>
      text === undefined ? [] : [[bundledName(file, directory), text]],
    );
    return { entry, files: { ...Object.fromEntries(named), [entry]: configuration.text } };
  }
}

/** Reads from a bundle, as if its files lay in the folder, and nothing else. */
export function readBundled({ files }: PolicyBundle, directory: string): ReadText {
  return (file) => {
    const name = bundledName(file, directory);
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    if (text !== undefined) return Promise.resolve(text);
    return Promise.reject(Object.assign(new Error('the bundle has no such file'), { code: 'ENOENT' }));
  };
}

/** Below the folder a relative path with `/`; elsewhere the absolute one. */
function bundledName(file: string, directory: string): string {
  const from = relative(directory, file);
  if (isAbsolute(from) || from === '..' || from.startsWith(`..${sep}`)) return file;
  return sep === '/' ? from : from.replaceAll(sep, '/');
}
