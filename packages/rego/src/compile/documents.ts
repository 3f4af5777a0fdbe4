import { replacedFunctions } from '../check/mocks.ts';
import type { DocumentNode, RuleGroup } from '../check/resolved.ts';
import { type Context, EvaluationError, UNDEFINED_RULE } from '../evaluate/context.ts';
import { equalValues, getName, PartialObject, PartialSet, type Value } from '../value/value.ts';
import { type CompiledBranch, compileBranch } from './branch.ts';
import { extentOf } from './extent.ts';
import type { Documents } from './lowering.ts';
import { type RuleIndex, ruleIndex } from './rule-index.ts';

interface CompiledGroup {
  readonly group: RuleGroup;
  readonly definitions: Choice<Choice<CompiledBranch>>;
  /** The branch of a rule that has one only, as most have. */
  readonly only: CompiledBranch | undefined;
  readonly fallback: CompiledBranch | undefined;
  /** True when every branch gives one and the same constant, so that the first that holds decides. */
  readonly isUniform: boolean;
}

/** Definitions, of which each that holds counts; or the branches of one, of which the first that holds does. */
interface Choice<T> {
  readonly all: readonly T[];
  readonly positions: readonly number[];
  readonly index: RuleIndex | undefined;
}

/** Compiles every rule; the result answers what the documents below `data` are. */
export function compileDocuments(root: DocumentNode, groups: readonly RuleGroup[]): Documents {
  const compiled: CompiledGroup[] = [];
  const documents: Documents = {
    root,
    replaced: replacedFunctions(groups),
    valueOf: (group, context) => {
      const known = context.known[group.id];
      if (known !== undefined) return known === UNDEFINED_RULE ? undefined : known;
      const override = overridden(group.path, context);
      const value = override === undefined ? evaluateGroup(compiled[group.id], context) : override.value;
      context.known[group.id] = value === undefined ? UNDEFINED_RULE : value;
      return value;
    },
    call: (group, args, context) => callGroup(compiled[group.id], args, context),
    extent: (node, path, context) => extentOf(node, path, context, documents),
  };
  for (const group of groups) compiled[group.id] = compileGroup(group, documents);
  return documents;
}

function compileGroup(group: RuleGroup, documents: Documents): CompiledGroup {
  const definitions = choice(
    group.definitions.map(({ branches }) =>
      choice(
        branches.map((branch) => compileBranch(group, branch, documents)),
        ruleIndex(branches),
      ),
    ),
    group.definitions.every(({ branches }) => branches.length === 1)
      ? ruleIndex(group.definitions.flatMap(({ branches }) => branches))
      : undefined,
  );
  const fallback = group.fallback === undefined ? undefined : compileBranch(group, group.fallback, documents);
  const branches = definitions.all.flatMap(({ all }) => all);
  const constants = branches.map((branch) => branch.constant);
  const [first] = constants;
  const isUniform =
    first !== undefined &&
    constants.every((constant) => constant !== undefined && equalValues(constant, first));
  const only = branches.length === 1 ? branches[0] : undefined;
  return { group, definitions, only, fallback, isUniform };
}

function choice<T>(all: readonly T[], index: RuleIndex | undefined): Choice<T> {
  return { all, positions: [...all.keys()], index };
}

/** The positions of those that can hold. */
function candidates(choice: Choice<unknown>, context: Context): readonly number[] {
  return choice.index === undefined ? choice.positions : choice.index.candidates(context);
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
    for (const step of path.slice(override.path.length)) value = getName(value, step);
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
  const { meter } = context.run;
  let next = 0;
  for (const at of candidates(definitions, context)) {
    meter.skip(at - next);
    next = at + 1;
    for (const branch of definitions.all[at]?.all ?? []) branch.collect(context, into);
  }
  meter.skip(definitions.all.length - next);
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
  const { definitions, isUniform, only } = compiled;
  if (only !== undefined) {
    const found = only.value(context, args);
    return found === undefined ? compiled.fallback?.value(context, args) : found;
  }
  const { meter } = context.run;
  let value: Value | undefined;
  let next = 0;
  for (const at of candidates(definitions, context)) {
    meter.skip(at - next);
    next = at + 1;
    const found = firstOf(definitions.all[at] as Choice<CompiledBranch>, args, context);
    if (found === undefined) continue;
    if (value === undefined) value = found;
    else if (!equalValues(value, found)) return conflict(compiled.group);
    if (isUniform) return value;
  }
  meter.skip(definitions.all.length - next);
  return value === undefined ? compiled.fallback?.value(context, args) : value;
}

function firstOf(
  branches: Choice<CompiledBranch>,
  args: readonly Value[],
  context: Context,
): Value | undefined {
  const { all } = branches;
  const { meter } = context.run;
  let next = 0;
  for (const at of candidates(branches, context)) {
    meter.skip(at - next);
    next = at + 1;
    const found = all[at]?.value(context, args);
    if (found !== undefined) return found;
  }
  meter.skip(all.length - next);
  return undefined;
}

function conflict({ path, kind, at }: RuleGroup): never {
  const what = kind === 'function' ? 'function' : 'complete rule';
  const message = `${what} \`data.${path.join('.')}\` has more than one value`;
  throw new EvaluationError('eval_conflict_error', message, at);
}
