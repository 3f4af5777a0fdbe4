import type { EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { Diagnostic, SourceDocument } from '@aegis/core';
import type { CedarEngine } from './engine.ts';
import { cedarFault } from './policies.ts';

const MAX_ENTITIES = 10_000;

/** Reads a list of entities in Cedar's JSON, with every uid as `{ type, id }`. */
export function readEntities(
  engine: CedarEngine,
  document: SourceDocument,
  schema: string | undefined,
  diagnostics: Diagnostic[],
): readonly EntityJson[] {
  diagnostics.push(...document.diagnostics);
  const { value } = document;
  if (value === undefined) return [];
  const at = document.positionOf([]);
  if (!Array.isArray(value) || value.length > MAX_ENTITIES) {
    const message = `the entities are a list of at most ${MAX_ENTITIES}`;
    diagnostics.push({ code: 'wrong-type', message, at });
    return [];
  }
  const entities = value as unknown as readonly EntityJson[];
  const answer = engine.checkParseEntities({
    entities: [...entities],
    ...(schema === undefined ? {} : { schema }),
  });
  if (answer.type === 'failure') {
    diagnostics.push(...answer.errors.map((error) => cedarFault(error, () => at)));
    return [];
  }
  return entities.map((entity) => Object.assign({}, entity, { uid: plainUid(entity.uid) }));
}

function plainUid(uid: EntityJson['uid']): TypeAndId {
  const escaped = uid as { readonly __entity?: TypeAndId };
  return escaped.__entity ?? (uid as TypeAndId);
}
