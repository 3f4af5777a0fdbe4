import type { Builtin, HashFunctions } from './builtin.ts';
import { ALL_BUILTINS } from './all.ts';
import { BUILTIN_REFUSALS } from './refused.ts';

/** The built-ins that policies of one host may call. */
export interface BuiltinTable {
  find(name: string): Builtin | undefined;
  /** The hash function for want of which a built-in is not there. */
  missingHash(name: string): keyof HashFunctions | undefined;
  /** True for every name of OPA's, also of what is not there. */
  isKnown(name: string): boolean;
  names(): Iterable<string>;
}

const BY_NAME = new Map(ALL_BUILTINS.map((builtin) => [builtin.name, builtin] as const));

export function builtinTable(hashes: HashFunctions): BuiltinTable {
  const isThere = (builtin: Builtin): boolean =>
    builtin.needs === undefined || hashes[builtin.needs] !== undefined;
  return {
    find(name) {
      const found = BY_NAME.get(name);
      return found !== undefined && isThere(found) ? found : undefined;
    },
    missingHash(name) {
      const found = BY_NAME.get(name);
      return found === undefined || isThere(found) ? undefined : found.needs;
    },
    isKnown: (name) => BY_NAME.has(name) || BUILTIN_REFUSALS.has(name),
    names: () => ALL_BUILTINS.filter(isThere).map((builtin) => builtin.name),
  };
}
