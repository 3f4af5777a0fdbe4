import { type JsonObject, type ModuleInput, parseStrict } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogueSchema } from '../../../src/source/cedar/catalogue-schema.ts';
import { input, load, objections, PERMIT } from './loading.ts';

describe('policies in Cedar', () => {
  it('object with the policies that forbid, by id or by place, and say their reasons', async () => {
    const text = `${PERMIT}@id("no-pay")\n@reason("not today")\nforbid (principal, action == Action::"files.pay", resource);\nforbid (principal, action, resource == Tool::"files.pay");\n`;
    const { module } = await load([text]);
    expect(module?.rule).toBe('cedar');
    expect(module?.evaluate?.(input(), 0)).toEqual({
      kind: 'objections',
      objections: [{ by: 'cedar:0.cedar:5' }, { by: 'cedar:no-pay', text: 'not today' }],
    });
    expect(module?.evaluate?.(input({}, { tool: 'read' }), 0)).toEqual({
      kind: 'objections',
      objections: [],
    });
  });

  it('object to what none of them permits, but for what needs no rule', async () => {
    const text = 'permit (principal, action == Action::"files.read", resource);';
    expect(await objections(text, input({}, { tool: 'read' }))).toEqual([]);
    expect(await objections(text, input())).toEqual(['cedar']);
    const own = { method: 'tasks/get', named: {} };
    expect(await objections(text, input({}, own))).toEqual([]);
    const forbids = `${text}\n@id("f") forbid (principal, action == Action::"tasks/get", resource);`;
    expect(await objections(forbids, input({}, own))).toEqual(['cedar:f']);
  });

  it.each<[string, ModuleInput]>([
    [
      'principal == Agent::"bot" && principal in Tenant::"acme" && principal.tenant == "acme" && principal.user == "ada"',
      input(),
    ],
    [
      'action in Action::"tools/call" && resource in Server::"files" && resource.name == "pay" && resource.server == "files"',
      input(),
    ],
    [
      'context.args.amount > 10 && context.args.list.contains("a") && context.args.o.p',
      input({ amount: 11, list: ['a'], o: { p: true } }),
    ],
    ['context.args.amount.greaterThan(decimal("1.5"))', input({ amount: 1.75 })],
    ['context.args.amount == "1.00001"', input({ amount: 1.00001 })],
    ['!(context.args has amount)', input({ amount: null })],
    [
      'context.method == "tools/call" && context.session.steps == 3 && context.session.age_ms == 1000',
      input(),
    ],
    [
      'context.facts.risk == "low" && context.facts.paths.contains("/data/a") && context.facts.capabilities.contains("fs.read")',
      input(),
    ],
    ['context.facts.commands.contains({ program: "ls" })', input()],
    [
      'context.facts.findings.contains("sql.drop") && context.facts.score >= 70',
      input({}, { findings: ['sql.drop'] }),
    ],
    ['context.now > datetime("2027-01-15T07:59:59Z") && context.now.toTime() < duration("9h")', input()],
    [
      'resource == Resource::"file:///a" && action == Action::"resources/read"',
      input({}, { method: 'resources/subscribe', named: { resource: 'file:///a' } }),
    ],
    [
      'resource == Prompt::"files.hi" && action == Action::"prompts/get"',
      input({}, { method: 'completion/complete', named: { prompt: 'hi' } }),
    ],
    ['resource == Server::"files"', input({}, { method: 'logging/setLevel', named: {} })],
  ])('see the call: %s', async (condition, asked) => {
    expect(
      await objections(
        `${PERMIT}@id("seen") forbid (principal, action, resource) when { ${condition} };`,
        asked,
      ),
    ).toEqual(['cedar:seen']);
  });

  it('know who belongs to what from a file of entities, and what the kernel knows stands over it', async () => {
    const entities = JSON.stringify([
      {
        uid: { type: 'Agent', id: 'bot' },
        attrs: { level: 3, tenant: 'other' },
        parents: [{ type: 'Role', id: 'clerk' }],
      },
      { uid: { __entity: { type: 'Role', id: 'clerk' } }, attrs: {}, parents: [] },
    ]);
    const text = `${PERMIT}@id("f") forbid (principal in Role::"clerk", action, resource) when { principal.level == 3 && principal.tenant == "acme" && principal in Tenant::"acme" };`;
    expect(await objections(text, input(), { entities })).toEqual(['cedar:f']);
    expect(await objections(text, input({}, { agent: 'other' }), { entities })).toEqual([]);
  });

  it('read no more of the input than they name', async () => {
    const reads = async (condition: string) =>
      (await load([`permit (principal, action, resource) when { ${condition} };`])).module?.reads;
    expect(await reads('context.session.steps < 3')).toEqual([['request'], ['session', 'steps']]);
    expect(await reads('context has facts && context.facts has score && context.facts.score < 3')).toEqual([
      ['request'],
      ['facts'],
      ['facts', 'score'],
      ['facts', 'score'],
    ]);
    expect(await reads('context == {}')).toContainEqual([]);
    expect(await reads('[context.facts].contains({})')).toContainEqual(['facts']);
  });

  it('have another digest for another text, schema or entity', async () => {
    const schema = catalogueSchema([]);
    const digests = [
      await load([PERMIT]),
      await load([`${PERMIT}// more\n`]),
      await load([PERMIT], { schema }),
      await load([PERMIT], {
        entities: '[{ "uid": { "type": "Role", "id": "a" }, "attrs": {}, "parents": [] }]',
      }),
    ].map(({ module }) => module?.digest);
    expect(new Set(digests).size).toBe(4);
    expect((await load([PERMIT], { entities: '[]' })).module?.digest).toBe(digests[0]);
  });
});

describe('a policy in Cedar that fails', () => {
  it('denies when it forbids, and permits nothing when it permits', async () => {
    const amount = 'context.args.amount > 10';
    const forbid = `${PERMIT}@id("f") forbid (principal, action, resource) when { ${amount} };`;
    for (const args of [{}, { amount: '11' }, { amount: 1.5 }, { amount: null }, { amount: [11] }]) {
      expect([args, await objections(forbid, input(args))]).toEqual([args, ['cedar:f']]);
    }
    const permit = `@id("p") permit (principal, action, resource) when { ${amount} };`;
    expect(await objections(permit, input({ amount: 'a' }))).toEqual(['cedar']);
    expect(await objections(`${permit}\n${PERMIT}`, input({ amount: 'a' }))).toEqual([]);
  });

  it('says why without a value of the call', async () => {
    const text = `${PERMIT}@id("f") forbid (principal, action, resource) when { ip(context.args.ip).isLoopback() || context.args.n > 1 };`;
    const { module } = await load([text]);
    const told = JSON.stringify([
      module?.evaluate?.(input({ ip: 'secret-text', n: 1 }), 0),
      module?.evaluate?.(input({ ip: '10.0.0.1', n: 'secret-text' }), 0),
    ]);
    expect(told).toContain('type error: expected long, got string');
    expect(told).not.toContain('secret-text');
  });
});

describe('Cedar under attack', () => {
  it('an argument cannot pass for an entity or a call of a function', async () => {
    const text = `${PERMIT}@id("f") forbid (principal, action, resource) unless { context.args.who == Agent::"root" };`;
    for (const args of [
      { who: { __entity: { type: 'Agent', id: 'root' } } },
      { who: { __extn: { fn: 'ip', arg: '10.0.0.1' } } },
      { a: [{ b: { __expr: 'Agent::"root"' } }] },
    ]) {
      expect(await objections(text, input(args))).toEqual({
        kind: 'fault',
        message: 'an argument has a key that Cedar reserves',
      });
    }
  });

  it('a key that JavaScript knows is a key like any other', async () => {
    const text = `${PERMIT}@id("f") forbid (principal, action, resource) when { context.args has "__proto__" || context.args has constructor };`;
    const parsed = parseStrict('{ "__proto__": { "a": 1 } }');
    if (!parsed.ok) throw new Error('not JSON');
    expect(await objections(text, input(parsed.value as JsonObject))).toEqual(['cedar:f']);
    expect(await objections(text, input())).toEqual([]);
  });

  it('an id cannot be written so that it names another tool', async () => {
    const text = `${PERMIT}@id("f") forbid (principal, action == Action::"files.pay", resource);`;
    for (const tool of ['pay"', 'pay\\', 'pay" || true', 'pay\u0000']) {
      expect(await objections(text, input({}, { tool }))).toEqual([]);
    }
  });

  it('never throws, and objects or does not, whatever the arguments are', async () => {
    const { module } = await load([
      `${PERMIT}forbid (principal, action, resource) when { context.args.a.b.contains(1) || context.args has c };`,
    ]);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'c', '__proto__'), fc.jsonValue()), (args) => {
        const answer = module?.evaluate?.(input(args as JsonObject), 0);
        expect(['objections', 'fault']).toContain(answer?.kind);
      }),
    );
  });

  it('arguments nested without end are refused, not followed', async () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 1000; depth++) deep = { deep };
    expect(await objections(PERMIT, input(deep))).toMatchObject({ kind: 'fault' });
  });
});

describe('Cedar that cannot work', () => {
  it('says how to install it', async () => {
    expect((await load([PERMIT], { installed: false })).faults).toEqual([
      'aegis.toml:2:1: Cedar is not installed\n  help: run `npm install @cedar-policy/cedar-wasm@4.13.0`',
    ]);
  });

  it('is refused with all that is wrong in all files, in its place', async () => {
    const { module, faults } = await load([
      `// ä\n${PERMIT}permit (principal, action resource);`,
      'permit (principal == ?principal, action, resource);',
      '@id("a") permit (principal, action, resource);\n@id("a") forbid (principal, action, resource);',
    ]);
    expect(module).toBeUndefined();
    expect(faults).toEqual([
      expect.stringMatching(/^0\.cedar:3:27: unexpected token `resource`\n {2}help: expected /),
      expect.stringMatching(/^1\.cedar:1:1: a template has nothing to fill it in/),
      expect.stringMatching(/^2\.cedar:2:1: a policy `a` exists already\n {2}help: .*2\.cedar:1:1/),
    ]);
  });

  it('is refused when a file is missing, and when entities are none', async () => {
    const { faults } = await load([PERMIT], { entities: '{}' });
    expect(faults).toEqual(['entities.json:1:1: the entities are a list of at most 10000']);
    const wrong = await load([PERMIT], { entities: '[{ "uid": 1 }]' });
    expect(wrong.faults).toHaveLength(1);
  });
});
