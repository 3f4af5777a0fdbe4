import { findShadowing } from '../../inspect/definition/shadowing.ts';
import { inspectText } from '../../inspect/prompt/inspect-text.ts';
import type { Severity } from '../../model/finding.ts';
import { tokensOf } from '../code/code.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { descriptionsIn } from './descriptions.ts';

/** Texts of a program shorter than this tell a model nothing. */
const SHORTEST = 40;
const SEVERE: readonly Severity[] = ['high', 'critical'];

export const promptInjection: ScanRule = {
  id: 'prompt.injection',
  severity: 'high',
  title: 'text that takes over the model',
  why: 'It drops the instructions of the user, plays another role, hides from a person, or carries data away. A model that reads it may obey.',
  find: (source) => {
    if (source.role === 'documentation' && source.language !== 'markdown') return [];
    return source.code === undefined ? inText(source) : inStrings(source);
  },
};

function inText({ text, language, role }: Source): readonly Hit[] {
  if (language === 'shell') return [];
  const hits: Hit[] = [];
  const found = inspectText(text, DEFINITION);
  const more = found.some(
    ({ id, severity }) => isPrompt(id) && !HINTS.has(id) && severity !== 'low' && severity !== 'info',
  );
  for (const { id, severity, message, span, capability } of found) {
    if (id === 'text.unread' || !SEVERE.includes(severity) || isPadding(id, text, span.start)) continue;
    hits.push({
      ...span,
      message: `${message} (${id})`,
      severity: (HINTS.has(id) && !more) || (role === 'data' && language === 'text') ? 'medium' : severity,
      ...(capability === undefined ? {} : { capability }),
    });
  }
  return hits;
}

const DEFINITION = { place: '', direction: 'definition' } as const;

/** What documents about tools say of tools (a `dev mode`) as often as somebody says it to a model: not enough alone. */
const HINTS = new Set(['prompt.persona', 'prompt.unbound_hint']);

function isPrompt(id: string): boolean {
  return id.startsWith('prompt.');
}

/** The cells of a table are filled up with spaces, behind which nothing hides. */
function isPadding(id: string, text: string, start: number): boolean {
  if (id !== 'prompt.hidden_instruction' || !/[ \t]{80}$/.test(text.slice(Math.max(0, start - 80), start)))
    return false;
  return text[text.lastIndexOf('\n', start - 1) + 1] === '|';
}

const NO_PARAMETERS: ReadonlySet<string> = new Set();

/** Descriptions of tools stand in strings; so do the texts that a program refuses, or writes for people. */
function inStrings({ code }: Source): readonly Hit[] {
  if (code === undefined) return [];
  const described = descriptionsIn(code);
  const hits: Hit[] = [];
  for (const token of tokensOf(code)) {
    const { kind, value = '', start, end } = token;
    if (kind !== 'string' || value.length < SHORTEST || !/\s/.test(value)) continue;
    const found = inspectText(value, DEFINITION).find(
      ({ severity, id }) => SEVERE.includes(severity) && isPrompt(id),
    );
    const ruling =
      found === undefined ? findShadowing({ at: '', key: '', text: value }, '', [], NO_PARAMETERS) : [];
    const ruled = ruling.find(({ severity, id }) => severity === 'high' && RULING.has(id));
    const { id, message, severity = 'high' } = found ?? ruled ?? {};
    if (id === undefined || message === undefined) continue;
    hits.push({
      start,
      end,
      message: `${message} (${id})`,
      severity: described.has(start) ? severity : 'medium',
    });
  }
  return hits;
}

/** What a description of a tool says to make the model work against its user. */
const RULING = new Set([
  'definition.reads_secrets',
  'definition.collects_data',
  'definition.changes_arguments',
]);
