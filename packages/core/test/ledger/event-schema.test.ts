import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventSchema } from '../../src/ledger/event-schema.ts';
import { EVENT_TYPES } from '../../src/model/event.ts';
import * as d from './drafts.ts';
import { Recorder } from './recorder.ts';

const folder = new URL('../../../../schema/events/', import.meta.url);

const { entries } = new Recorder().record(
  d.started(),
  ...d.toolCall('c1'),
  d.pinned(d.DIGEST),
  d.keyRotated(),
  d.restored(),
  d.erased(),
  d.archived(),
  d.terminated(),
);

describe('the schemas of events', () => {
  test('there is one for each event type, and no other', () => {
    expect(readdirSync(folder).sort()).toEqual(EVENT_TYPES.map((type) => `${type}.json`).sort());
  });

  test.each(EVENT_TYPES)('%s is checked in as the code describes it (npm run schemas)', (type) => {
    const file = readFileSync(new URL(`${type}.json`, folder), 'utf8');
    expect(file).toBe(`${JSON.stringify(eventSchema(type), null, 2)}\n`);
  });

  test.each(EVENT_TYPES)('%s says what it means, and is closed', (type) => {
    const schema = eventSchema(type);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      properties: { payload: { additionalProperties: false }, event_type: { const: type } },
    });
    expect(schema['title']).toMatch(/^[A-Z][a-z ]+$/);
    expect(schema['description']).toMatch(/^[A-Z].{20,}\.$/);
  });

  test('what is sealed is as its schema says, and nothing else is', () => {
    for (const { envelope, body } of entries) {
      // zod does not read `not`.
      const { anyOf, ...rest } = eventSchema(envelope.event_type);
      expect(anyOf).toEqual([
        { properties: { seq: { const: 0 } }, not: { required: ['prev_hash'] } },
        { properties: { seq: { minimum: 1 } }, required: ['prev_hash'] },
      ]);
      const schema = z.fromJSONSchema(rest);
      const value = JSON.parse(body) as Record<string, unknown>;
      expect(schema.safeParse(value)).toMatchObject({ success: true });
      expect(schema.safeParse({ ...value, hash: d.DIGEST }).success).toBe(false);
      expect(schema.safeParse({ ...value, seq: -1 }).success).toBe(false);
      const payload = { ...envelope.payload, $sealed: { args: { h: d.DIGEST, n: 40 } } };
      expect(schema.safeParse({ ...value, payload }).success).toBe(false);
    }
    expect(entries.length).toBeGreaterThan(8);
  });
});
