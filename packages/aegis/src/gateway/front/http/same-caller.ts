import type { Caller } from '../../../enforce/door.ts';

export function sameCaller(a: Caller, b: Caller): boolean {
  return a.tenant === b.tenant && a.agent === b.agent && a.user === b.user;
}
