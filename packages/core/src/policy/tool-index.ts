import type { AccessRequest } from '../model/request.ts';
import type { ConditionInput } from './condition.ts';
import { type CompiledRule, isIndexed } from './compiled-rule.ts';
import { type Glob, parseGlob } from './glob.ts';
import type { Condition } from './rule.ts';

/** Names remembered per generation. */
const MEMO_SIZE = 2048;
/** A longer name is looked up each time: the memo's size in bytes is bounded too. */
const MEMO_NAME_LENGTH = 256;

type TableGlob = Exclude<Glob, { kind: 'pattern' }>;

/** By length of the prefix or suffix, then by its text. */
type AffixTables = Map<number, Map<string, CompiledRule[]>>;

/**
 * The rules that can apply to a tool, in policy order, found by its name: exact names,
 * prefixes and suffixes by table, other rules on names by trying them. What was found is remembered for the names seen
 * last, in two generations, so that names made up by a caller can neither fill the memory nor cost
 * more than being looked up again.
 */
export class ToolIndex {
  /** True when there is nothing to find for any call. */
  readonly empty: boolean;
  readonly #exact = new Map<string, CompiledRule[]>();
  readonly #prefixes: AffixTables = new Map();
  readonly #suffixes: AffixTables = new Map();
  /** Rules whose condition on the name no table can answer. */
  readonly #tried: { readonly rule: CompiledRule; readonly at: number }[] = [];
  readonly #unnamed: CompiledRule[] = [];
  readonly #notATool: readonly CompiledRule[];
  #young = new Map<string, readonly CompiledRule[]>();
  #old: ReadonlyMap<string, readonly CompiledRule[]> = new Map();

  constructor(rules: readonly CompiledRule[]) {
    this.empty = rules.length === 0;
    for (const rule of rules) this.#add(rule);
    this.#notATool = rules.filter(({ rule }) =>
      rule.when.every((condition) => !isIndexed(condition) || asksAbsence(condition)),
    );
  }

  /** Remembered names; for the test of the bound. */
  get remembered(): number {
    return this.#young.size + this.#old.size;
  }

  candidates(input: ConditionInput): readonly CompiledRule[] {
    const { kind, name }: AccessRequest['resource'] = input.request.resource;
    if (kind !== 'tool') return this.#notATool;
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const found = this.#old.get(name) ?? this.#lookUp(name, input);
    if (found !== this.#unnamed && name.length <= MEMO_NAME_LENGTH) this.#remember(name, found);
    return found;
  }

  #remember(name: string, found: readonly CompiledRule[]): void {
    if (this.#young.size >= MEMO_SIZE) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, found);
  }

  #add(rule: CompiledRule): void {
    const { when } = rule.rule;
    const at = when.findIndex(isIndexed);
    const named = when[at];
    if (named === undefined) {
      this.#unnamed.push(rule);
      return;
    }
    const globs = tableGlobs(named);
    if (globs === undefined) {
      this.#tried.push({ rule, at });
      return;
    }
    for (const glob of globs) {
      const table = this.#tableFor(glob);
      const rules = table.get(glob.text);
      if (rules === undefined) table.set(glob.text, [rule]);
      else if (rules[rules.length - 1] !== rule) rules.push(rule);
    }
  }

  #tableFor({ kind, text }: TableGlob): Map<string, CompiledRule[]> {
    if (kind === 'exact') return this.#exact;
    const tables = kind === 'prefix' ? this.#prefixes : this.#suffixes;
    let table = tables.get(text.length);
    if (table === undefined) {
      table = new Map();
      tables.set(text.length, table);
    }
    return table;
  }

  #lookUp(name: string, input: ConditionInput): readonly CompiledRule[] {
    const named = new Set(this.#exact.get(name));
    for (const [length, table] of this.#prefixes) {
      if (name.length >= length) addAll(named, table.get(name.slice(0, length)));
    }
    for (const [length, table] of this.#suffixes) {
      if (name.length >= length) addAll(named, table.get(name.slice(name.length - length)));
    }
    for (const { rule, at } of this.#tried) if (rule.conditions[at]?.holds(input) === true) named.add(rule);
    if (named.size === 0) return this.#unnamed;
    return [...this.#unnamed, ...named].sort((a, b) => a.place - b.place);
  }
}

function addAll(rules: Set<CompiledRule>, more: readonly CompiledRule[] | undefined): void {
  if (more !== undefined) for (const rule of more) rules.add(rule);
}

/** The names, prefixes and suffixes that a condition comes down to; undefined when it asks for more. */
function tableGlobs({ tests }: Condition): TableGlob[] | undefined {
  const [test] = tests;
  if (tests.length !== 1 || test === undefined) return undefined;
  if (test.op === 'eq') return [{ kind: 'exact', text: String(test.value) }];
  if (test.op === 'in') return test.values.map((value) => ({ kind: 'exact', text: String(value) }));
  if (test.op !== 'like') return undefined;
  const globs: TableGlob[] = [];
  for (const value of test.values) {
    const glob = parseGlob(String(value));
    if (glob === undefined || glob.kind === 'pattern') return undefined;
    globs.push(glob);
  }
  return globs;
}

function asksAbsence({ tests }: Condition): boolean {
  return tests.some((test) => test.op === 'exists' && !test.value);
}
