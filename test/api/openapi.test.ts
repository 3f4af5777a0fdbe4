import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiDaemon, type Parsed, startApi, type Who } from './daemon.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}
type Schema = Readonly<Record<string, Parsed>>;

const document = JSON.parse(readFileSync(new URL('../../schema/openapi.json', import.meta.url), 'utf8'));

let api: ApiDaemon;
let session: string;

beforeAll(async () => {
  api = await startApi();
  session = await api.session('builder');
});

afterAll(() => api.remove());

const OPERATIONS = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, item]) =>
    Object.entries(item).map(([method, operation]) => Object.assign({ path, method }, operation)),
);

/** Requests of each operation: 60, and more where somebody looks longer (`AEGIS_API_RUNS=600`). */
const RUNS = Number(process.env['AEGIS_API_RUNS'] ?? 60);

/** Values of a schema, and now and then something else. */
function values(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: fitting(schema) }, { weight: 1, arbitrary: fc.jsonValue() });
}

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema['const'] !== undefined) return fc.constant(schema['const']);
  if (schema['enum'] !== undefined) return fc.constantFrom(...schema['enum']);
  const any = schema['oneOf'] ?? schema['anyOf'];
  if (any !== undefined) return fc.oneof(...any.map(values));
  switch (schema['type']) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer());
    case 'string':
      return fc.oneof(
        fc.constantFrom(session, 'builder', 'default', 'database', 'read'),
        fc.string({ unit: 'binary' }),
      );
    case 'array':
      return fc.array(values(schema['items'] ?? {}), { maxLength: 3 });
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      const known = Object.fromEntries(properties.map(([name, one]) => [name, values(one)]));
      const named = fc.record(known, { requiredKeys: schema['required'] ?? [] });
      return schema['additionalProperties'] === false
        ? named
        : fc
            .tuple(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), named)
            .map(([more, own]) => Object.assign(more, own));
    }
    default:
      return fc.jsonValue();
  }
}

/** What is answered is what the description says, for everybody, whatever is asked. */
describe('the description of the API', () => {
  it('is the one that the daemon gives', async () => {
    expect((await api.ask(undefined, 'GET', '/openapi.json')).body).toEqual(document);
  });

  it('names every operation once', () => {
    const names = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('proposeAction');
  });

  const plain = OPERATIONS.filter(({ operationId }) => operationId !== 'streamEvents');

  it.each(plain.map((operation) => [operation.operationId, operation] as const))(
    '%s answers as it says, whatever it is asked',
    async (_, { path, method, parameters = [], requestBody, responses }) => {
      const schemaOf = (status: number): Schema | 'text' => {
        const { content } = responses[String(status)] ?? responses['default'] ?? { content: {} };
        const [[type, media] = ['', { schema: {} }]] = Object.entries(content);
        if (type.startsWith('text/')) return 'text';
        const schema = media.schema as Schema;
        return schema['$ref'] === undefined ? schema : document.components.schemas.Problem;
      };
      const body = requestBody?.content['application/json'].schema;
      const asked = fc.record({
        who: fc.constantFrom<Who>('builder', 'admin', 'auditor', 'foreign'),
        parameters: fc.record(
          Object.fromEntries(parameters.map(({ name, schema }) => [name, values(schema)])),
          {
            requiredKeys: parameters.filter((one) => one.in === 'path').map(({ name }) => name),
          },
        ),
        body: body === undefined ? fc.constant(undefined) : values(body),
      });
      await fc.assert(
        fc.asyncProperty(asked, async ({ who, parameters: given, body }) => {
          let target = path;
          const query = new URLSearchParams();
          for (const { name, in: place } of parameters) {
            const value = given[name];
            if (value === undefined) continue;
            const text = typeof value === 'string' ? value : JSON.stringify(value);
            if (place === 'query') query.set(name, text);
            else target = target.replace(`{${name}}`, encodeURIComponent(text.toWellFormed()) || 'x');
          }
          const text = query.size === 0 ? '' : `?${query}`;
          const answer = await api.ask(who, method.toUpperCase(), `${target}${text}`, body);
          expect(answer.status, JSON.stringify(answer.body)).not.toBe(500);
          const schema = schemaOf(answer.status);
          if (schema === 'text') expect(typeof answer.body).toBe('string');
          else expect(z.fromJSONSchema(schema as never).safeParse(answer.body).error).toBeUndefined();
        }),
        { numRuns: RUNS },
      );
    },
    RUNS * 1_000,
  );

  it('takes no body that is not strict JSON', async () => {
    for (const body of ['{"session":"a","session":"b"}', '{', '\uFEFF{}', '['.repeat(100)]) {
      const answer = await api.ask('builder', 'POST', '/v1/sessions', body);
      expect(answer.status, body.slice(0, 40)).toBe(400);
    }
    const large = await api.ask('builder', 'POST', '/v1/sessions', { client: 'x'.repeat(1024 * 1024) });
    expect(large.status).toBe(413);
  });
});
