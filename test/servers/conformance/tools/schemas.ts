import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import { text } from '../result.ts';

/** Keywords of JSON Schema 2020-12 that a list of tools must carry unchanged (SEP-1613, SEP-2106). */
const CONTACT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** An argument that the client repeats in the header `Mcp-Param-Region` (SEP-2243). */
const REGIONAL = {
  type: 'object',
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, level: { type: 'integer' } },
};

/** Tools whose schemas are the point. */
export function registerSchemaTools(server: McpServer): void {
  server.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'takes arguments that only JSON Schema 2020-12 describes',
      inputSchema: fromJsonSchema(CONTACT),
    },
    (args) => text(JSON.stringify(args)),
  );
  server.registerTool(
    'test_x_mcp_header',
    {
      description: 'takes an argument that is repeated in a header',
      inputSchema: fromJsonSchema<{ region?: string }>(REGIONAL),
    },
    ({ region }) => text(`the region is ${region ?? 'not given'}`),
  );
}
