import { basename } from 'node:path';
import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import type { Diagnostic, Position } from '@aegis/core';
import type { CedarEngine } from './engine.ts';
import { textPositions } from './text-position.ts';

/** One policy of a file. */
export interface CedarPolicy {
  /** As decisions call it: its `@id`, or its file and line. */
  readonly id: string;
  readonly text: string;
  readonly forbids: boolean;
  /** Its `@reason`. */
  readonly reason: string | undefined;
  /** Its body, as Cedar's JSON has it. */
  readonly body: unknown;
  readonly at: Position;
  /** Where a byte of `text` is in the file. */
  readonly place: (byte: number) => Position;
}

const MAX_ID = 128;

/** Reads the policies of one file. What is wrong is reported, and then there are none. */
export function readPolicies(
  engine: CedarEngine,
  file: string,
  text: string,
  diagnostics: Diagnostic[],
): readonly CedarPolicy[] {
  const positions = textPositions(file, text);
  const parts = engine.policySetTextToParts(text);
  if (parts.type === 'failure') {
    diagnostics.push(...parts.errors.map((error) => cedarFault(error, positions.ofByte)));
    return [];
  }
  const found: CedarPolicy[] = [];
  // The parts come without their places and not in order; equal ones are told apart by their places.
  const taken = new Map<string, number>();
  const place = (part: string): number => {
    const at = text.indexOf(part, taken.get(part) ?? 0);
    taken.set(part, at + 1);
    return at;
  };
  for (const template of parts.policy_templates) {
    diagnostics.push({
      code: 'cedar-template',
      message: 'a template has nothing to fill it in',
      at: positions.ofUnit(place(template)),
      help: 'write the entity in place of `?principal` and `?resource`',
    });
  }
  for (const part of parts.policies) {
    const start = place(part);
    const json = engine.policyToJson(part);
    const at = positions.ofUnit(start);
    if (json.type === 'failure') {
      diagnostics.push(...json.errors.map((error) => cedarFault(error, () => at)));
      continue;
    }
    const { effect, annotations = {}, principal, action, resource, conditions } = json.json;
    const before = Buffer.byteLength(text.slice(0, start));
    found.push({
      id: (annotations['id'] ?? `${basename(file)}:${at.line}`).slice(0, MAX_ID),
      text: part,
      forbids: effect === 'forbid',
      reason: annotations['reason'],
      body: [principal, action, resource, conditions],
      at,
      place: (byte) => positions.ofByte(before + byte),
    });
  }
  return found;
}

/** What Cedar says is wrong, in a place that `place` knows for its bytes. */
export function cedarFault(error: DetailedError, place: (byte: number) => Position): Diagnostic {
  const [{ start, label } = { start: 0, label: null }] = error.sourceLocations ?? [];
  const message = error.message.replace(
    /^(?:failed to parse policies from string: |for policy `.*?`, )/s,
    '',
  );
  const help = error.help ?? label;
  return { code: 'cedar', message, at: place(start), ...(help === null ? {} : { help }) };
}
