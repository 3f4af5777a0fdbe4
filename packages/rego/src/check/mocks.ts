import type { Report } from '../diagnostic.ts';
import type { Callee, FunctionWith, RuleGroup } from './resolved.ts';
import type { DocumentTree } from './tree.ts';
import { referredGroups, replacingGroup } from './recursion.ts';
import { walkGroup } from './walk.ts';

type KnownCallee = Exclude<Callee, { kind: 'unknown' }>;

const OPERATORS = new Set([
  'equal',
  'neq',
  'lt',
  'lte',
  'gt',
  'gte',
  'plus',
  'minus',
  'mul',
  'div',
  'rem',
  'and',
  'or',
]);

/** A text that tells functions apart. */
export function calleeKey(callee: KnownCallee): string {
  return callee.kind === 'builtin' ? callee.builtin.name : `data\0${callee.group.path.join('\0')}`;
}

export function calleeArity(callee: KnownCallee): number {
  return callee.kind === 'builtin' ? callee.builtin.args.length : callee.group.arity;
}

/** Operators are compiled in place, relations have many results and `print` has none. */
export function isReplaceable(callee: KnownCallee): boolean {
  if (callee.kind === 'function') return true;
  const { name, isRelation, variadic } = callee.builtin;
  return isRelation !== true && variadic !== true && !name.startsWith('internal.') && !OPERATORS.has(name);
}

/** The functions that any `with` of the policies replaces. */
export function replacedFunctions(groups: readonly RuleGroup[]): ReadonlySet<string> {
  return new Set(functionWiths(groups).map(({ target }) => target));
}

function functionWiths(groups: readonly RuleGroup[]): readonly FunctionWith[] {
  const found: FunctionWith[] = [];
  for (const group of groups) {
    walkGroup(group, {
      literal: ({ withs }) => {
        found.push(...withs.filter((item) => item.kind === 'function'));
        return true;
      },
    });
  }
  return found;
}

/**
 * Refuses replacements whose meaning hangs on the order of evaluation. A replacement runs with the real functions,
 * but OPA keeps the values of what it asks for together with those found while they are replaced.
 */
export function checkMocks(tree: DocumentTree, report: Report): void {
  const withs = functionWiths(tree.groups);
  if (withs.length === 0) return;
  const targets = new Set(withs.map(({ target }) => target));
  const called = new Set<RuleGroup>();
  for (const group of tree.groups) {
    walkGroup(group, {
      call: ({ callee }) => {
        if (callee.kind === 'function') called.add(callee.group);
      },
    });
  }
  for (const item of withs) {
    const group = replacingGroup(item);
    if (group === undefined) continue;
    // A rule is asked where the functions are still replaced, so it may lead to itself.
    const isMixed =
      ((called.has(group) || group.kind !== 'function') && callsAny(group, targets)) ||
      reachable(group, tree).some((other) => callsAny(other, targets));
    if (isMixed) {
      report(
        'rego_unsupported',
        `\`data.${group.path.join('.')}\` cannot be a replacement and depend on what is replaced`,
        item.at,
        'call the replaced function in the replacement itself, and use that for nothing else',
      );
    }
  }
}

/** What stands under a `with` has values of its own. */
function callsAny(group: RuleGroup, targets: ReadonlySet<string>): boolean {
  let found = false;
  walkGroup(group, {
    literal: ({ withs }) => withs.length === 0,
    call: ({ callee }) => {
      if (callee.kind !== 'unknown' && targets.has(calleeKey(callee))) found = true;
    },
  });
  return found;
}

function reachable(from: RuleGroup, { root }: DocumentTree): readonly RuleGroup[] {
  const found = new Set<RuleGroup>();
  const waiting = [from];
  for (let group = waiting.pop(); group !== undefined; group = waiting.pop()) {
    for (const next of referredGroups(group, root, ({ withs }) => withs.length === 0)) {
      if (!found.has(next)) waiting.push(next);
      found.add(next);
    }
  }
  return [...found];
}
