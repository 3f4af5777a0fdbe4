import { inspectDefinition } from '../../inspect/definition/inspect-definition.ts';
import { inspectText } from '../../inspect/prompt/inspect-text.ts';
import type { Severity } from '../../model/finding.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { printable } from '../../printable.ts';
import { classifyTool } from '../draft/classify-tool.ts';
import type { ScanFinding } from '../finding.ts';
import type { ScanRule } from '../rule.ts';

type DefinitionRule = Omit<ScanRule, 'find'>;

const poisoned: DefinitionRule = {
  id: 'tool.poisoned_definition',
  severity: 'high',
  title: 'a definition that acts on the model',
  why: 'A tool, a prompt or the instructions of a server command the model, rule over other tools, or ask for what is none of their business. The model reads it before any call.',
};

const deceptive: DefinitionRule = {
  id: 'tool.deceptive_name',
  severity: 'high',
  title: 'a name that is not what it looks like',
  why: 'It looks like the name of another tool, or holds characters that nobody sees: the model, or a person, means the other one.',
};

const contradiction: DefinitionRule = {
  id: 'tool.contradicting_hints',
  severity: 'medium',
  title: 'hints that contradict the definition',
  why: 'The tool says that it only reads, and its name or its arguments say otherwise. Clients that trust the hint do not ask.',
};

export const DEFINITION_RULES: readonly DefinitionRule[] = [poisoned, deceptive, contradiction];

/** What a server offers. */
export interface Offered {
  readonly server: string;
  readonly tools: readonly JsonObject[];
  readonly prompts: readonly JsonObject[];
  readonly instructions?: string | undefined;
  /** Names of the tools that other servers offer to the same model. */
  readonly others?: readonly string[];
}

/** Judges what a server says of itself. */
export function scanDefinitions({
  server,
  tools,
  prompts,
  instructions,
  others = [],
}: Offered): readonly ScanFinding[] {
  const names = [...tools.map(nameOf), ...others];
  const findings: ScanFinding[] = [];
  const add = ({ id }: DefinitionRule, severity: Severity, message: string, place: string): void => {
    const file = printable(place);
    findings.push({
      rule: id,
      severity,
      message: printable(message),
      file,
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
    });
  };
  const definitions = [
    ...tools.map((tool) => ({ definition: tool, place: `${server}/tools/${nameOf(tool)}` })),
    ...prompts.map((prompt) => ({ definition: prompt, place: `${server}/prompts/${nameOf(prompt)}` })),
  ];
  for (const { definition, place } of definitions) {
    for (const { id, at, severity, message } of inspectDefinition(definition, names)) {
      if (severity === 'info' || severity === 'low') continue;
      const rule = NAMES.has(id) ? deceptive : poisoned;
      add(rule, severity, `${message} (${id}), at ${at === '' ? 'the top' : at}`, place);
    }
  }
  for (const tool of tools) {
    const changes = classifyTool(tool, server).capabilities.filter((capability) => CHANGING.test(capability));
    const { annotations } = tool;
    if (!isJsonObject(annotations) || annotations['readOnlyHint'] !== true || changes.length === 0) continue;
    const said = changes.map((capability) => `\`${capability}\``).join(', ');
    add(
      contradiction,
      'medium',
      `says that it only reads, and looks like ${said}`,
      `${server}/tools/${nameOf(tool)}`,
    );
  }
  for (const { id, severity, message } of inspectText(instructions ?? '', {
    place: '',
    direction: 'definition',
  })) {
    if (severity !== 'high' && severity !== 'critical') continue;
    add(poisoned, severity, `${message} (${id})`, `${server}/instructions`);
  }
  return findings;
}

const NAMES = new Set(['definition.look_alike', 'definition.mixed_name', 'definition.invisible_name']);
const CHANGING = /^(?:fs\.write|fs\.delete|exec|db\.write|memory\.write|message\.send|payment\.send)$/;

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}
