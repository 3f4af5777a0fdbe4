import type { JsonObject, ModuleInput } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../../src/source/cedar/catalogue-schema.ts';
import { loadEngine } from '../../../src/source/cedar/engine.ts';
import { input, load, objections, PERMIT, type Sketch } from './loading.ts';

const TOOLS = [
  {
    server: 'files',
    name: 'pay',
    inputSchema: {
      type: 'object',
      properties: {
        amount: { type: 'number' },
        count: { type: 'integer' },
        to: { type: ['string', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
        more: { type: 'object', properties: { urgent: { type: 'boolean' } }, required: ['urgent'] },
        any: {},
        'we"ird\n': { type: 'string' },
      },
      required: ['amount', 'to'],
    },
  },
  { server: 'files', name: 'ls', inputSchema: undefined },
];

describe('Cedar with the schema of a catalogue', () => {
  const schema = catalogueSchema(TOOLS);

  it('finds what is wrong in policies when they are loaded', async () => {
    const { faults } = await load(
      [
        `${PERMIT}forbid (principal, action == Action::"files.pay", resource) when { context.args.amonut.greaterThan(decimal("1.0")) };\npermit (principal, action == Action::"files.pya", resource);`,
      ],
      { schema },
    );
    expect(faults.map((fault) => fault.split('\n')[0])).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^0\.cedar:2:68: attribute `args\.amonut`/),
        expect.stringMatching(/^0\.cedar:3:30: unrecognized action `Action::"files\.pya"`/),
      ]),
    );
  });

  it('takes calls as the schema has them', async () => {
    const text = `${PERMIT}@id("f") forbid (principal, action == Action::"files.pay", resource) when { context.args.amount.greaterThan(decimal("10.0")) || (context.args has tags && context.args.tags.contains("x")) || (context.facts has score && context.facts.score > 90) };`;
    const ask = (args: JsonObject, sketch?: Sketch) => objections(text, input(args, sketch), { schema });
    expect(await ask({ amount: 10, to: 'a' })).toEqual([]);
    expect(await ask({ amount: 10.5, to: 'a' })).toEqual(['cedar:f']);
    expect(await ask({ amount: 11, to: null })).toEqual(['cedar:f']);
    expect(
      await ask({ amount: 1, tags: ['x'], any: { n: null }, 'we"ird\n': 'a', more: { urgent: true } }),
    ).toEqual(['cedar:f']);
    expect(await ask({ amount: 1, unknown: 1.23456 })).toEqual([]);
    expect(await ask({}, { tool: 'ls' })).toEqual([]);
    expect(await ask({ uri: 'a' }, { method: 'resources/read', named: { resource: 'file:///a' } })).toEqual(
      [],
    );
    expect(await ask({}, { method: 'logging/setLevel', named: {} })).toEqual([]);
  });

  it.each<[string, ModuleInput, string]>([
    ['an argument of another type', input({ amount: 'ten', to: 'a' }), 'Cedar refuses the request'],
    ['an argument that is missing', input({ to: 'a' }), 'Cedar refuses the request'],
    ['a tool that it does not have', input({}, { tool: 'new' }), 'the schema does not know the action'],
    [
      'a method that it does not have',
      input({}, { method: 'x/y', named: {} }),
      'the schema does not know the action',
    ],
  ])('denies %s', async (_what, asked, message) => {
    expect(await objections(PERMIT, asked, { schema })).toEqual({ kind: 'fault', message });
  });

  it('is one that Cedar reads, whatever tools are called', async () => {
    const engine = await loadEngine();
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            server: fc.constantFrom('a', 'b'),
            name: fc.string({ unit: 'binary' }),
            inputSchema: fc
              .dictionary(fc.string({ unit: 'binary' }), fc.constant({ type: 'string' }))
              .map((properties) => ({ type: 'object', properties })),
          }),
          { maxLength: 4 },
        ),
        (tools) => {
          const wellFormed = tools.filter(({ name }) => name.isWellFormed());
          expect(engine?.checkParseSchema(catalogueSchema(wellFormed))).toEqual({ type: 'success' });
        },
      ),
    );
  });
});
