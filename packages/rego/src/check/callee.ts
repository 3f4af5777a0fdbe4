import type * as ast from '../ast.ts';
import { BUILTIN_REFUSALS } from '../builtins/refused.ts';
import type { Report } from '../diagnostic.ts';
import type { ModuleNames } from './names.ts';
import type { Callee, DocumentNode } from './resolved.ts';
import type { Scope } from './scope.ts';
import { didYouMean } from './similar.ts';

/** Finds what a call calls: a function of a policy before a built-in of the same name. */
export function resolveCallee(call: ast.CallTerm, names: ModuleNames, scope: Scope, report: Report): Callee {
  const name = call.callee.join('.');
  if (!call.isOperator) {
    const [head = '', ...rest] = call.callee;
    if (scope.find(head) !== undefined) {
      report('rego_type_error', `variable \`${head}\` is not a function`, call.at);
      return { kind: 'unknown' };
    }
    const path = head === 'data' ? call.callee : names.globals.get(head)?.concat(rest);
    if (path !== undefined) return findFunction(path, name, names, call, report);
  }
  const builtin = names.builtins.find(name);
  if (builtin !== undefined) return { kind: 'builtin', builtin };
  const refusal = BUILTIN_REFUSALS.get(name);
  if (refusal !== undefined) {
    report('rego_unsupported', `built-in \`${name}\` is outside the subset`, call.at, refusal);
  } else {
    const missing = names.builtins.missingHash(name);
    if (missing === undefined) {
      const known = [...names.builtins.names(), ...names.globals.keys()];
      report('rego_type_error', `undefined function \`${name}\``, call.at, didYouMean(name, known));
    } else {
      report(
        'rego_unsupported',
        `built-in \`${name}\` needs a hash function of the host`,
        call.at,
        `pass \`hashes.${missing}\` to compile`,
      );
    }
  }
  return { kind: 'unknown' };
}

function findFunction(
  path: readonly string[],
  name: string,
  names: ModuleNames,
  call: ast.CallTerm,
  report: Report,
): Callee {
  let node: DocumentNode | undefined = path[0] === 'data' ? names.root : undefined;
  for (const step of path.slice(1)) node = node?.children.get(step);
  const group = node?.group;
  if (group?.kind === 'function') return { kind: 'function', group };
  const help = group === undefined ? undefined : `\`${name}\` is a rule; write it without arguments`;
  report('rego_type_error', `undefined function \`${name}\``, call.at, help);
  return { kind: 'unknown' };
}
