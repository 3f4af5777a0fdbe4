import { type JsonObject, isJsonObject, RULE_SCHEMA } from '@aegis/core';
import { z } from 'zod';
import { configurationSchema } from './schema.ts';

/** JSON Schema (draft 2020-12) of the configuration, for editors: what it lets pass can still be wrong in other ways. */
export function configurationJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(configurationSchema) as unknown as JsonObject;
  const { properties } = schema;
  const rules = isJsonObject(properties) ? properties['policies'] : undefined;
  const policies = { ...(isJsonObject(rules) ? rules : {}), items: RULE_SCHEMA };
  return {
    title: 'Aegis configuration',
    description: 'What stands behind the gateway, who may come in, and what policy holds.',
    ...schema,
    properties: { ...(isJsonObject(properties) ? properties : {}), policies },
  };
}
