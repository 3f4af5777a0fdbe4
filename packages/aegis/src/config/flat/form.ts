import {
  type Diagnostic,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Position,
  type SourceDocument,
  sortDiagnostics,
} from '@aegis/core';
import { isLoopback } from '../loopback.ts';
import type { OuterSetting } from '../surroundings.ts';
import { type FlatKey, PLACES } from './keys.ts';
import { valueAt, without, withValue } from './table.ts';

type Path = readonly (string | number)[];

/** A place in the file, a flag, or a place elsewhere. */
type Origin = Path | string | Position;

/** The agent that everybody on this machine is, where a flat file names nobody. */
const EVERYBODY = 'local';

/** A document of the one form while it is made out of another. */
export class Form {
  readonly #original: SourceDocument;
  readonly #diagnostics: Diagnostic[];
  readonly #origins: { readonly path: Path; readonly from: Origin }[] = [];
  #value: JsonObject;

  constructor(original: SourceDocument, value: JsonObject, further: readonly Diagnostic[] = []) {
    this.#original = original;
    this.#diagnostics = [...original.diagnostics, ...further];
    this.#value = value;
  }

  /** Puts a short key of the file where the one form has it. */
  move(key: FlatKey): void {
    const from = key.split('.');
    const value = valueAt(this.#value, from);
    if (value === undefined || key === 'trust_mode') return;
    this.#value = without(this.#value, from);
    if (key === 'telemetry.disabled') return this.#disable(value, from);
    const { path, listed } = PLACES[key];
    if (listed === undefined && valueAt(this.#value, path) !== undefined) {
      const message = `\`${path.join('.')}\` says the same as \`${key}\``;
      this.#fault('two-places', from, message, 'write it once');
    }
    this.#put(key, value, from);
  }

  /** Puts a flag in place of what the file says. */
  override(key: FlatKey, value: JsonValue | undefined, flag: string): void {
    if (value === undefined) return;
    if (key === 'telemetry.disabled') return this.#disable(value, flag);
    this.#put(key, value, flag);
  }

  /** Puts a setting in place of what the file says. */
  replace({ path, value, at }: OuterSetting): void {
    this.#set(path, value, at);
  }

  /** Takes a setting where the file says nothing. */
  fill({ path, value, at }: OuterSetting): void {
    for (let depth = 1; depth <= path.length; depth++) {
      const there = valueAt(this.#value, path.slice(0, depth));
      if (there !== undefined && (depth === path.length || !isJsonObject(there))) return;
    }
    this.#set(path, value, at);
  }

  /** What a flat file leaves open: it knows one agent, which does what its manifest grants. */
  complete(): void {
    const { agents, people, policy, policies } = this.#value;
    const addr = valueAt(this.#value, ['daemon', 'addr']) ?? '127.0.0.1:8080';
    // SECURITY: only who is on this machine may come without a token.
    const here = typeof addr === 'string' && isLoopback(addr.replace(/:\d+$/, ''));
    if (here && agents === undefined && people === undefined) {
      // SECURITY: the one that the manifest is for, and never one without.
      const everybody = valueAt(this.#value, ['stdio', 'agent']) ?? EVERYBODY;
      this.#set(['daemon', 'anonymous'], valueAt(this.#value, ['daemon', 'anonymous']) ?? everybody, []);
    }
    if (policy === undefined && policies === undefined) {
      this.#set(['policies'], [{ name: 'what-the-manifest-grants', action: 'allow' }], []);
    }
  }

  document(): SourceDocument {
    const original = this.#original;
    return {
      ...original,
      value: this.#value,
      diagnostics: sortDiagnostics(this.#diagnostics),
      positionOf: (path, what) => {
        const origin = this.#origins.findLast((one) => one.path.every((part, at) => part === path[at]));
        if (origin === undefined) return original.positionOf(path, what);
        const { from } = origin;
        if (typeof from === 'string') return commandLine(from);
        if ('file' in from) return from;
        return original.positionOf([...from, ...path.slice(origin.path.length)], what);
      },
    };
  }

  #put(key: Exclude<FlatKey, 'telemetry.disabled'>, value: JsonValue, from: Path | string): void {
    const { path, listed, read } = PLACES[key];
    const written = read?.(value, (message, help) => this.#fault('bad-value', from, message, help)) ?? value;
    if (listed === undefined) return this.#set(path, written, from);
    const before = valueAt(this.#value, path);
    const named = isJsonObject(written) ? written['name'] : undefined;
    const others = (Array.isArray(before) ? (before as readonly JsonValue[]) : []).filter(
      (one) => typeof from !== 'string' || !isJsonObject(one) || one['name'] !== named,
    );
    this.#set(path, [...others, written], undefined);
    this.#origins.push({ path: [...path, others.length], from });
  }

  #disable(value: JsonValue, from: Path | string): void {
    if (typeof value !== 'boolean') return this.#fault('wrong-type', from, 'expected boolean', '');
    if (value) this.#value = without(this.#value, ['telemetry']);
  }

  #set(path: readonly string[], value: JsonValue, from: Origin | undefined): void {
    this.#value = withValue(this.#value, path, value);
    if (from !== undefined) this.#origins.push({ path, from });
  }

  #fault(code: string, from: Path | string, message: string, help: string): void {
    const at = typeof from === 'string' ? commandLine(from) : this.#original.positionOf(from, 'value');
    this.#diagnostics.push({ code, message, at, ...(help === '' ? {} : { help }) });
  }
}

function commandLine(flag: string): Position {
  return { file: flag, line: 1, column: 1 };
}
