import type { EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import {
  canonicalJson,
  type Diagnostic,
  type Evaluated,
  type JsonValue,
  type ModuleInput,
  needsNoRule,
  type PolicyModule,
  type Position,
  type Sha256,
  type SourceDocument,
} from '@aegis/core';
import type { ReadText } from '../texts.ts';
import { type CedarEngine, INSTALL, loadEngine } from './engine.ts';
import { readEntities } from './entities.ts';
import { judged } from './judgement.ts';
import { type CedarPolicy, readPolicies } from './policies.ts';
import { readsOf } from './reads.ts';
import { cedarRequest, type ContextType } from './request.ts';
import { type CedarSchema, readSchema } from './schema.ts';
import { Unspeakable } from './value.ts';

/** Cedar of an installation; paths are absolute. */
export interface CedarSources {
  readonly policies: readonly string[];
  /** Where they are named. */
  readonly at: Position;
  /** A file with a list of entities. */
  readonly entities?: string;
  readonly schema?: string;
}

export interface CedarOptions {
  readonly read: (file: string) => Promise<SourceDocument | undefined>;
  readonly readText: ReadText;
  readonly sha256: Sha256;
  readonly diagnostics: Diagnostic[];
  /** Where Cedar comes from; default: the package that is installed beside Aegis. */
  readonly engine?: () => Promise<CedarEngine | undefined>;
}

/** Reads policies in Cedar to the module that a policy asks last. With any diagnostic there is none. */
export async function loadCedar(
  sources: CedarSources,
  options: CedarOptions,
): Promise<PolicyModule | undefined> {
  const engine = await (options.engine ?? loadEngine)();
  const found: Diagnostic[] = [];
  const module = engine === undefined ? missing(sources, found) : await read(engine, sources, options, found);
  options.diagnostics.push(...found);
  return found.length === 0 ? module : undefined;
}

function missing({ at }: CedarSources, found: Diagnostic[]): undefined {
  found.push({ code: 'not-installed', message: 'Cedar is not installed', at, help: `run \`${INSTALL}\`` });
}

async function read(
  engine: CedarEngine,
  sources: CedarSources,
  { read: readDocument, readText, sha256 }: CedarOptions,
  found: Diagnostic[],
): Promise<PolicyModule> {
  const texts: string[] = [];
  const policies = new Map<string, CedarPolicy>();
  for (const file of sources.policies) {
    const text = await readFile(file, readText, found);
    if (text === undefined) continue;
    texts.push(text);
    for (const policy of readPolicies(engine, file, text, found)) addPolicy(policies, policy, found);
  }
  const schemaText = sources.schema && (await readFile(sources.schema, readText, found));
  const schema =
    sources.schema === undefined || schemaText === undefined
      ? undefined
      : readSchema(engine, sources.schema, schemaText, policies, found);
  const document = sources.entities === undefined ? undefined : await readDocument(sources.entities);
  const entities = document === undefined ? [] : readEntities(engine, document, schemaText, found);
  const digest = sha256(
    canonicalJson({ texts, schema: schemaText ?? null, entities: entities as unknown as JsonValue }),
  );
  const staticPolicies = Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
  if (found.length === 0) {
    engine.preparsePolicySet(digest, { staticPolicies });
    if (schemaText !== undefined) engine.preparseSchema(digest, schemaText);
  }
  const bodies = [...policies.values()].map(({ body }) => body);
  const known = new Set(entities.map(({ uid }) => keyOf(uid as TypeAndId)));
  return {
    rule: 'cedar',
    digest,
    reads: [...readsOf(bodies), ...(schema === undefined ? [] : WITH_SCHEMA)],
    evaluate: (input) => ask(engine, { digest, policies, schema, entities, known }, input),
  };
}

/** A request that a schema checks has everything that its context has, but for what has to be looked for first. */
const WITH_SCHEMA: PolicyModule['reads'] = [
  ...['capabilities', 'risk', 'paths', 'hosts', 'commands'].map((fact) => ['facts', fact]),
  ['session'],
  ['now_ns'],
];

interface Loaded {
  readonly digest: string;
  readonly policies: ReadonlyMap<string, CedarPolicy>;
  readonly schema: CedarSchema | undefined;
  readonly entities: readonly EntityJson[];
  /** Those of which the file speaks. */
  readonly known: ReadonlySet<string>;
}

function ask(engine: CedarEngine, loaded: Loaded, input: ModuleInput): Evaluated {
  const { digest, policies, schema, known } = loaded;
  const contextType: ContextType | undefined = schema?.contextType;
  try {
    const { entities, ...request } = cedarRequest(input, contextType);
    if (schema?.actions.has(request.action.id) === false) {
      return { kind: 'fault', message: 'the schema does not know the action' };
    }
    const answer = engine.statefulIsAuthorized({
      ...request,
      preparsedPolicySetId: digest,
      ...(schema === undefined ? {} : { preparsedSchemaName: digest, validateRequest: true }),
      entities: merged(loaded.entities, entities, known),
    });
    const { method } = input['request'] as { readonly method: string };
    return judged(answer, policies, !needsNoRule(method));
  } catch (error) {
    const message = error instanceof Unspeakable ? error.message : 'the Cedar engine fails';
    return { kind: 'fault', message };
  }
}

/** SECURITY: what the kernel knows of a call stands over what a file says of the same entity. */
function merged(
  written: readonly EntityJson[],
  called: readonly EntityJson[],
  known: ReadonlySet<string>,
): EntityJson[] {
  const calledNow = new Map(called.map((entity) => [keyOf(entity.uid as TypeAndId), entity]));
  const both = written.map((entity) => {
    const now = calledNow.get(keyOf(entity.uid as TypeAndId));
    if (now === undefined) return entity;
    return {
      ...entity,
      attrs: { ...entity.attrs, ...now.attrs },
      parents: [...entity.parents, ...now.parents],
    };
  });
  return [...both, ...called.filter(({ uid }) => !known.has(keyOf(uid as TypeAndId)))];
}

function keyOf({ type, id }: TypeAndId): string {
  return JSON.stringify([type, id]);
}

function addPolicy(policies: Map<string, CedarPolicy>, policy: CedarPolicy, found: Diagnostic[]): void {
  const { id, at } = policy;
  const other = policies.get(id);
  if (other === undefined) {
    policies.set(id, policy);
    return;
  }
  const { file, line, column } = other.at;
  const help = `the first one is at ${file}:${line}:${column}; give each its own \`@id("...")\``;
  found.push({ code: 'duplicate-name', message: `a policy \`${id}\` exists already`, at, help });
}

async function readFile(file: string, readText: ReadText, found: Diagnostic[]): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const at = { file, line: 1, column: 1 };
    found.push({ code: 'unreadable', message: `cannot read \`${file}\`: ${why}`, at });
    return undefined;
  }
}
