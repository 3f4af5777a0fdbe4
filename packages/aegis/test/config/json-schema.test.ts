import { readdirSync, readFileSync } from 'node:fs';
import { POLICY_SCHEMA, readDocument } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';

const root = new URL('../../../../', import.meta.url);
const checkedIn = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`schema/${name}.json`, root), 'utf8'));
const read = (file: URL) => readDocument({ text: readFileSync(file, 'utf8'), file: file.pathname }).value;

describe('the schemas for editors', () => {
  it('are checked in as the code describes them (npm run schemas)', () => {
    expect(checkedIn('config')).toEqual(configurationJsonSchema());
    expect(checkedIn('policy')).toEqual(POLICY_SCHEMA);
  });

  it('are named by the first line of what `aegis init` writes, and what it writes is as they say', () => {
    const template = new URL('packages/aegis/templates/init/', root);
    for (const [file, name, schema] of [
      ['aegis.toml', 'config', configurationJsonSchema()],
      ['policy.toml', 'policy', POLICY_SCHEMA],
    ] as const) {
      const text = readFileSync(new URL(file, template), 'utf8');
      expect(text.split('\n', 1)).toEqual([`#:schema ./.aegis/schema/${name}.json`]);
      expect(z.fromJSONSchema(schema as never).safeParse(read(new URL(file, template)))).toMatchObject({
        success: true,
      });
    }
  });

  it('take the starter policies, and refuse what a rule cannot have', () => {
    const folder = new URL('policies/', root);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const [ending, schema] of [
      ['policy.toml', POLICY_SCHEMA],
      ['aegis.toml', configurationJsonSchema()],
    ] as const) {
      const files = names.filter((name) => name.endsWith(ending));
      expect(files.length).toBeGreaterThan(5);
      const checked = z.fromJSONSchema(schema as never);
      for (const name of files) {
        expect(checked.safeParse(read(new URL(name, folder))), name).toMatchObject({ success: true });
      }
    }
    const schema = z.fromJSONSchema(POLICY_SCHEMA as never);
    const rule = { name: 'x', action: 'allow' };
    expect(schema.safeParse({ policies: [rule] }).success).toBe(true);
    const wrong = [
      { action: 'maybe' },
      { unknown: 1 },
      { when: { path: { near: 'x' } } },
      { time: { from: '08:00' } },
    ];
    for (const more of wrong) {
      expect(schema.safeParse({ policies: [{ ...rule, ...more }] }).success, JSON.stringify(more)).toBe(
        false,
      );
    }
  });
});
