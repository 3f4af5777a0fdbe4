// Writes schema/events: the JSON Schema of each event type, as packages/core describes it; and
// schema/openapi.json: the HTTP API, as the daemon describes it; and schema/config.json and
// schema/policy.json: the configuration and files of rules, for editors.
//
//   npm run schemas
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { EVENT_TYPES, eventSchema, POLICY_SCHEMA } from '@aegis/core';
import { describeApi } from '../packages/aegis/src/api/api.ts';
import { configurationJsonSchema } from '../packages/aegis/src/config/json-schema.ts';
import { reference } from '../packages/aegis/src/cli/reference.ts';
import { VERSION } from '../packages/aegis/src/version.ts';

const folder = new URL('../schema/events/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(new URL(file, folder));
for (const type of EVENT_TYPES) {
  writeFileSync(new URL(`${type}.json`, folder), `${JSON.stringify(eventSchema(type), null, 2)}\n`);
}
process.stdout.write(`${EVENT_TYPES.length} schemas in schema/events\n`);

const api = new URL('../schema/openapi.json', import.meta.url);
writeFileSync(api, `${JSON.stringify(describeApi(VERSION), null, 2)}\n`);
process.stdout.write('the API in schema/openapi.json\n');

for (const [name, schema] of [
  ['config', configurationJsonSchema()],
  ['policy', POLICY_SCHEMA],
] as const) {
  writeFileSync(new URL(`../schema/${name}.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
process.stdout.write('the configuration in schema/config.json, rules in schema/policy.json\n');

writeFileSync(new URL('../docs/reference/cli.md', import.meta.url), reference());
process.stdout.write('the commands in docs/reference/cli.md\n');
