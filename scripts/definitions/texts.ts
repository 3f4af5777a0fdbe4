import { readdirSync, readFileSync } from 'node:fs';
import type { JsonObject } from '@aegis/core';
import { HARMLESS_WORDS } from '../../packages/core/test/inspect/definition/harmless-words.ts';
import { POISONED_WORDS } from '../../packages/core/test/inspect/definition/poisoned-words.ts';
import { isHeldOut, toolOfLine } from '../../packages/core/test/inspect/unseen/tool-line.ts';

/** A definition that is known to be poisoned or harmless. */
export interface LabelledDefinition {
  /** Who wrote it: what is learned from one author must hold for the others. */
  readonly author: string;
  readonly poisoned: boolean;
  readonly tool: JsonObject;
}

const TEXTS = new URL('../../texts/definitions/', import.meta.url);
const UNSEEN = new URL('../../packages/core/test/inspect/unseen/', import.meta.url);

/** Every text to train on, in a fixed order. */
export function labelledDefinitions(): readonly LabelledDefinition[] {
  const files = readdirSync(TEXTS).filter((name) => name.endsWith('.jsonl'));
  return [
    ...files.sort().flatMap((name) => {
      const [author = '', kind = ''] = name.split(/[-.]/);
      return definitionsIn(new URL(name, TEXTS)).map((tool) => ({
        author,
        poisoned: kind === 'poisoned',
        tool,
      }));
    }),
    ...plain('poisoned-tools.jsonl', POISONED_WORDS, true),
    ...plain('harmless-tools.jsonl', HARMLESS_WORDS, false),
  ];
}

type Described = readonly [description: string, parameters?: Readonly<Record<string, string>>];

/** What the rules are made with: their own cases, and the half of the unseen ones that is for development. */
function plain(file: string, words: readonly Described[], poisoned: boolean): readonly LabelledDefinition[] {
  const written = words.map(([description, parameters = {}]) =>
    toolOfLine({ name: 'tool', description, parameters }),
  );
  const developed = definitionsIn(new URL(file, UNSEEN)).filter((tool) => !isHeldOut(JSON.stringify(tool)));
  return [...written, ...developed].map((tool) => ({ author: 'plain', poisoned, tool }));
}

/** The definitions of a file of lines `{name, description, parameters}`. */
export function definitionsIn(file: URL): readonly JsonObject[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line): JsonObject => toolOfLine(JSON.parse(line)));
}
