import { canonicalJson, type JsonObject } from '@aegis/core';
import type { Forger } from '../../../packages/aegis/test/bundle/forger.ts';

/** What somebody does to a bundle, by its name. */
export type Damages = Readonly<Record<string, (forger: Forger) => unknown>>;

/** Changes the text of a file and makes bundle.json agree; the text must really change. */
export function rewrite(forger: Forger, path: string, change: (text: string) => string): void {
  const before = forger.text(path);
  const after = change(before);
  if (after === before) throw new Error(`nothing changed in ${path}`);
  forger.write(path, after);
  if (path !== 'bundle.json') forger.agree();
}

/** The bytes with one bit flipped. */
export function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

export const inFile =
  (path: string, from: string | RegExp, to: string) =>
  (forger: Forger): void =>
    rewrite(forger, path, (text) => text.replace(from, () => to));

export const inLine =
  (path: string, line: number, change: (text: string) => string) =>
  (forger: Forger): unknown =>
    forger.edit(path, (lines) => lines.with(line, change(lines.at(line) ?? '')));

export const inEvent =
  (line: number, change: (event: Record<string, unknown>) => void) =>
  (forger: Forger): unknown =>
    inLine('events.jsonl', line, (text) => {
      const event = JSON.parse(text) as Record<string, unknown>;
      change(event);
      return canonicalJson(event as JsonObject);
    })(forger);

export const swapped =
  (path: string, one: number, other: number) =>
  (forger: Forger): unknown =>
    forger.edit(path, (lines) => lines.with(one, lines[other] ?? '').with(other, lines[one] ?? ''));

export const dropped =
  (path: string, line: number) =>
  (forger: Forger): unknown =>
    forger.edit(path, (lines) => lines.toSpliced(line, 1));

/** Puts a line there twice; bundle.json keeps the number of events that it had. */
export const doubled =
  (path: string, line: number) =>
  (forger: Forger): unknown => {
    const { events } = forger.manifest;
    return forger.edit(path, (lines) => lines.toSpliced(line, 0, lines[line] ?? '')).agree({ events });
  };

export const moved =
  (path: string, from: number, to: number) =>
  (forger: Forger): unknown =>
    forger.edit(path, (lines) => lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? ''));
