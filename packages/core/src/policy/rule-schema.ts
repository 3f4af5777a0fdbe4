import { CAPABILITIES, RISKS } from '../model/capability.ts';
import { EFFECTS, MODES } from '../model/decision.ts';
import type { JsonObject } from '../model/json.ts';
import { FACT_KEYS, MASK_KINDS } from './rule.ts';

const TEXT = { type: 'string' };
const SCALAR = { type: ['string', 'number', 'boolean'] };
const NAMES = { type: 'array', items: TEXT };

const OPERATORS: JsonObject = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    eq: SCALAR,
    ne: SCALAR,
    in: { type: 'array', items: SCALAR },
    contains: SCALAR,
    gt: { type: ['number', 'string'] },
    gte: { type: ['number', 'string'] },
    lt: { type: ['number', 'string'] },
    lte: { type: ['number', 'string'] },
    matches: { ...TEXT, description: 'RE2' },
    exists: { type: 'boolean' },
    cidr: { anyOf: [TEXT, NAMES] },
    under: { anyOf: [TEXT, NAMES], description: 'a folder and everything in it' },
  },
};

const WANTED: JsonObject = { anyOf: [SCALAR, { type: 'array', items: SCALAR }, OPERATORS] };

const OF_FACTS: Readonly<Record<string, string>> = {
  tool_name: 'the tool as its server calls it',
  path: 'every path in the call, as it really is',
  host: 'every host in the call',
  capability: `what the call can do: ${CAPABILITIES.join(', ')}`,
  finding: 'ids of what the inspectors saw',
  label: 'where the arguments come from',
  risk: RISKS.join(', '),
  score: 'how threatening the call is, from 0 to 100',
};

const WINDOW: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['zone'],
  properties: {
    from: { ...TEXT, description: 'like 08:00' },
    to: { ...TEXT, description: 'like 18:00; not after `from`: on the next day' },
    days: { type: 'array', items: { enum: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] } },
    zone: { ...TEXT, description: 'a zone of the IANA database' },
  },
};

/** JSON Schema (draft 2020-12) of one rule, for editors: what it lets pass can still be wrong in other ways. */
export const RULE_SCHEMA: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'action'],
  properties: {
    name: { ...TEXT, description: 'unique; it stands in decisions, records and explanations' },
    match: { ...TEXT, description: 'glob on the MCP method; default: every method' },
    action: { enum: [...EFFECTS] },
    when: {
      type: 'object',
      description: 'conditions, all of which must hold; other keys are paths of arguments',
      properties: Object.fromEntries(
        FACT_KEYS.map((key) => {
          const description = OF_FACTS[key];
          return [key, description === undefined ? WANTED : { ...WANTED, description }];
        }),
      ),
      // The path of an argument can be written as tables in tables.
      additionalProperties: { anyOf: [SCALAR, { type: 'array', items: SCALAR }, { type: 'object' }] },
    },
    condition: { ...TEXT, description: 'a condition in CEL, besides `when`' },
    time: {
      anyOf: [WINDOW, { type: 'array', items: WINDOW }],
      description: 'windows of which one must be open',
    },
    risk: { enum: [...RISKS], description: 'in place of what the capabilities imply' },
    reason: { ...TEXT, description: 'shown to the agent in place of the standard message' },
    log: { type: 'boolean', description: 'marks the record for attention' },
    mask: {
      type: 'array',
      items: TEXT,
      description: `taken out of results: ${MASK_KINDS.join(', ')}`,
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      properties: { timeout_ms: { type: 'integer' }, max_output_bytes: { type: 'integer' } },
    },
    requires: { ...NAMES, description: 'receipts that the session must hold' },
    waive: { ...NAMES, description: 'ids of findings that would deny and that this rule accepts' },
    labels: { ...NAMES, description: 'what the result is called' },
    approvers: {
      type: 'object',
      additionalProperties: false,
      properties: { quorum: { type: 'integer', minimum: 1 }, roles: NAMES, people: NAMES },
    },
    mode: {
      enum: [...MODES],
      description: '`shadow`: the rule decides nothing, and the record says what it would have',
    },
    invariant: {
      type: 'boolean',
      description: 'asked before all others, in every mode; it can only tighten',
    },
  },
};

/** JSON Schema of a file of rules. */
export const POLICY_SCHEMA: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Aegis policy',
  description: 'An ordered list of rules, of which the first that matches a call decides.',
  type: 'object',
  additionalProperties: false,
  properties: { $schema: TEXT, policies: { type: 'array', items: RULE_SCHEMA } },
};
