import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';

/** A tool as its server defines it. */
export interface CatalogueTool {
  readonly server: string;
  readonly name: string;
  readonly inputSchema: JsonValue | undefined;
}

const ENTITIES = `entity Tenant;
entity Role;
entity Agent in [Tenant, Role] { tenant: String, user: String };
entity Server;
entity Tool in [Server] { name: String, server: String };
entity Resource in [Server] { name: String, server: String };
entity Prompt in [Server] { name: String, server: String };

type Facts = {
  capabilities: Set<String>,
  risk: String,
  paths: Set<String>,
  hosts: Set<String>,
  commands: Set<{ program: String, args?: String }>,
  findings: Set<String>,
  score?: Long,
};

type Session = { steps: Long, tool_calls: Long, denied: Long, age_ms: Long, identical_calls: Long };

action "tools/call";
`;

const CONTEXT = 'method: String, facts: Facts, session: Session, now: datetime';

const OTHERS: readonly (readonly [string, string])[] = [
  ['resources/read', 'Resource'],
  ['prompts/get', 'Prompt'],
  ...['logging/setLevel', 'tasks/get', 'tasks/result', 'tasks/list', 'tasks/cancel'].map(
    (method) => [method, 'Server'] as const,
  ),
  ...['sampling/createMessage', 'elicitation/create', 'roots/list'].map(
    (method) => [method, 'Server'] as const,
  ),
];

/** Nested arguments beyond this are left out. */
const MAX_DEPTH = 8;

/** A schema in Cedar's own format: one action for each tool, whose context has its arguments. */
export function catalogueSchema(tools: readonly CatalogueTool[]): string {
  const ids = new Set<string>();
  const actions = tools.flatMap(({ server, name, inputSchema }) => {
    const id = `${server}.${name}`;
    if (ids.has(id)) return [];
    ids.add(id);
    const args = recordType(inputSchema ?? null, 0) ?? '{}';
    const taint = taintType(inputSchema ?? null);
    return [
      `action ${text(id)} in ["tools/call"] appliesTo {\n  principal: Agent,\n  resource: Tool,\n  context: { args: ${args}, taint?: ${taint}, ${CONTEXT} },\n};\n`,
    ];
  });
  const others = OTHERS.map(
    ([method, resource]) =>
      `action ${text(method)} appliesTo { principal: Agent, resource: ${resource}, context: { taint?: ${taintType(null)}, ${CONTEXT} } };\n`,
  );
  return [ENTITIES, ...others, ...actions].join('\n');
}

/** The labels of what the arguments hold, together and one by one. */
function taintType(schema: JsonValue): string {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const each =
    names.length === 0 ? '{}' : `{ ${names.map((name) => `${text(name)}?: Set<String>`).join(', ')} }`;
  return `{ labels: Set<String>, args: ${each}, authority: ${each}, steered: Bool }`;
}

/** Undefined for what Cedar has no type for: it is left out, and no policy can ask about it. */
function typeOf(schema: JsonValue, depth: number): string | undefined {
  if (!isJsonObject(schema) || depth > MAX_DEPTH) return undefined;
  switch (typeName(schema)) {
    case 'string':
      return 'String';
    case 'integer':
      return 'Long';
    case 'number':
      return 'decimal';
    case 'boolean':
      return 'Bool';
    case 'array': {
      const element = typeOf(schema['items'] ?? null, depth + 1);
      return element === undefined ? undefined : `Set<${element}>`;
    }
    case 'object':
      return recordType(schema, depth + 1);
    default:
      return undefined;
  }
}

function typeName({ type }: JsonObject): JsonValue | undefined {
  if (!Array.isArray(type)) return type;
  const names = type.filter((name) => name !== 'null');
  return names.length === 1 ? names[0] : undefined;
}

function isNullable(schema: JsonValue): boolean {
  return isJsonObject(schema) && Array.isArray(schema['type']) && schema['type'].includes('null');
}

function recordType(schema: JsonValue, depth: number): string | undefined {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  if (!isJsonObject(properties)) return undefined;
  const required = isJsonObject(schema) && Array.isArray(schema['required']) ? schema['required'] : [];
  const attributes = Object.entries(properties).flatMap(([name, property]) => {
    const type = typeOf(property, depth);
    if (type === undefined) return [];
    const always = required.includes(name) && !isNullable(property);
    return [`${text(name)}${always ? '' : '?'}: ${type}`];
  });
  return attributes.length === 0 ? '{}' : `{ ${attributes.join(', ')} }`;
}

/** SECURITY: names come from servers: what could end the text or the line is escaped. */
function text(name: string): string {
  const escaped = name.replace(/["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${escaped}"`;
}
