import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../src/config/schema.ts';
import { APPROVALS } from './keys/approvals.ts';
import { DOORS } from './keys/doors.ts';
import { GUARDS } from './keys/guards.ts';
import { LEDGER } from './keys/ledger.ts';
import { LIMITS } from './keys/limits.ts';
import { PARTIES } from './keys/parties.ts';
import { POLICY } from './keys/policy.ts';
import { SERVERS } from './keys/servers.ts';
import { TELEMETRY } from './keys/telemetry.ts';
import { loaded } from './loading.ts';

const CASES = [
  ...DOORS,
  ...PARTIES,
  ...LEDGER,
  ...LIMITS,
  ...GUARDS,
  ...APPROVALS,
  ...POLICY,
  ...TELEMETRY,
  ...SERVERS,
];

describe('every key has an effect', () => {
  it.each(CASES)('%s', async (_, text, want) => {
    expect(await loaded(text)).toMatchObject(want);
  });

  it('and none is left out here', () => {
    const keys: string[] = [];
    const visit = (schema: unknown, prefix: string): void => {
      const { def } = schema as { def: Record<string, object | undefined> };
      if (def['innerType'] !== undefined) return visit(def['innerType'], prefix);
      if (
        def['element'] !== undefined &&
        prefix !== 'policy' &&
        prefix !== 'policies' &&
        prefix !== 'servers.command'
      ) {
        return visit(def['element'], prefix);
      }
      if (def['shape'] === undefined) return void keys.push(prefix);
      for (const [name, inner] of Object.entries(def['shape'])) {
        visit(inner, prefix === '' ? name : `${prefix}.${name}`);
      }
    };
    visit(configurationSchema, '');
    // An editor's own key.
    expect(keys.filter((key) => key !== '$schema').toSorted()).toEqual(CASES.map(([key]) => key).toSorted());
  });
});
