import type { DocumentNode, RuleGroup } from '../check/resolved.ts';
import { type Context, EvaluationError } from '../evaluate/context.ts';
import { equalValues, PartialObject, PartialSet, type Value } from '../value/value.ts';
import { type CompiledBranch, compileBranch } from './branch.ts';
import { extentOf } from './extent.ts';
import { lookUpName } from './lookup.ts';
import type { Documents } from './lowering.ts';

interface CompiledGroup {
  readonly group: RuleGroup;
  /** Each definition is a chain: the first branch that holds gives its value. */
  readonly definitions: readonly (readonly CompiledBranch[])[];
  readonly fallback: CompiledBranch | undefined;
  /** True when every branch gives one and the same constant, so that the first that holds decides. */
  readonly isUniform: boolean;
}

/** Compiles every rule; the result answers what the documents below `data` are. */
export function compileDocuments(root: DocumentNode, groups: readonly RuleGroup[]): Documents {
  const compiled: CompiledGroup[] = [];
  const documents: Documents = {
    root,
    valueOf: (group, context) => {
      const known = context.known[group.id];
      if (known !== undefined) return known.value;
      const override = overridden(group.path, context);
      const value = override === undefined ? evaluateGroup(compiled[group.id], context) : override.value;
      context.known[group.id] = { value };
      return value;
    },
    call: (group, args, context) => callGroup(compiled[group.id], args, context),
    extent: (node, path, context) => extentOf(node, path, context, documents),
  };
  for (const group of groups) compiled[group.id] = compileGroup(group, documents);
  return documents;
}

function compileGroup(group: RuleGroup, documents: Documents): CompiledGroup {
  const definitions = group.definitions.map((definition) =>
    definition.branches.map((branch) => compileBranch(group, branch, documents)),
  );
  const fallback = group.fallback === undefined ? undefined : compileBranch(group, group.fallback, documents);
  const constants = definitions.flat().map((branch) => branch.constant);
  const [first] = constants;
  const isUniform =
    first !== undefined &&
    constants.every((constant) => constant !== undefined && equalValues(constant, first));
  return { group, definitions, fallback, isUniform };
}

/** The value that a `with` gives to a rule; undefined when none does. */
function overridden(
  path: readonly string[],
  context: Context,
): { readonly value: Value | undefined } | undefined {
  for (let i = context.overrides.length - 1; i >= 0; i--) {
    const override = context.overrides[i];
    if (override === undefined || override.path.length > path.length) continue;
    if (!override.path.every((step, at) => step === path[at])) continue;
    let value: Value | undefined = override.value;
    for (const step of path.slice(override.path.length)) value = lookUpName(value, step);
    return { value };
  }
  return undefined;
}

function evaluateGroup(compiled: CompiledGroup | undefined, context: Context): Value | undefined {
  if (compiled === undefined) return undefined;
  const { meter } = context.run;
  meter.enter();
  const value = groupValue(compiled, context);
  meter.leave();
  return value;
}

function groupValue(compiled: CompiledGroup, context: Context): Value | undefined {
  const { group, definitions } = compiled;
  if (group.kind === 'complete') return decide(compiled, [], context);
  const into = group.kind === 'set' ? new PartialSet() : new PartialObject();
  for (const branches of definitions) {
    for (const branch of branches) branch.collect(context, into);
  }
  return into;
}

function callGroup(
  compiled: CompiledGroup | undefined,
  args: readonly Value[],
  context: Context,
): Value | undefined {
  if (compiled === undefined) return undefined;
  const { meter } = context.run;
  meter.enter();
  const value = decide(compiled, args, context);
  meter.leave();
  return value;
}

function decide(compiled: CompiledGroup, args: readonly Value[], context: Context): Value | undefined {
  let value: Value | undefined;
  for (const branches of compiled.definitions) {
    for (const branch of branches) {
      const found = branch.value(context, args);
      if (found === undefined) continue;
      if (value === undefined) value = found;
      else if (!equalValues(value, found)) {
        const { path, kind, at } = compiled.group;
        const what = kind === 'function' ? 'function' : 'complete rule';
        const message = `${what} \`data.${path.join('.')}\` has more than one value`;
        throw new EvaluationError('eval_conflict_error', message, at);
      }
      if (compiled.isUniform) return value;
      break;
    }
  }
  return value === undefined ? compiled.fallback?.value(context, args) : value;
}
