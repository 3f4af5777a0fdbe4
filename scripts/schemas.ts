// Writes schema/events: the JSON Schema of each event type, as packages/core describes it.
//
//   npm run schemas
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { EVENT_TYPES, eventSchema } from '@aegis/core';

const folder = new URL('../schema/events/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(new URL(file, folder));
for (const type of EVENT_TYPES) {
  writeFileSync(new URL(`${type}.json`, folder), `${JSON.stringify(eventSchema(type), null, 2)}\n`);
}
process.stdout.write(`${EVENT_TYPES.length} schemas in schema/events\n`);
