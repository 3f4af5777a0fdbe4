import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { readDocument } from '../../source/document.ts';
import type { Hit, ScanRule } from '../rule.ts';

/** What stands before a skill's text, between two lines of hyphens. */
export interface FrontMatter {
  readonly start: number;
  readonly end: number;
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** The front matter of a Markdown text, when it is YAML and an object. */
export function frontMatter(text: string): FrontMatter | undefined {
  const [whole, yaml] = /^---\r?\n([^]{0,16384}?)\r?\n---(?:\r?\n|$)/.exec(text) ?? [];
  if (whole === undefined || yaml === undefined) return undefined;
  const { value } = readDocument({ text: yaml, file: 'front-matter.yaml' });
  return isJsonObject(value) ? { start: 4, end: 4 + yaml.length, values: value } : undefined;
}

/** The tools that a skill says it uses, as it writes them. */
export function allowedTools({ values }: FrontMatter): readonly string[] {
  const listed = values['allowed-tools'] ?? values['allowed_tools'] ?? values['tools'];
  if (typeof listed === 'string') return listed.split(/,\s*|\s+(?![^(]*\))/).filter((word) => word !== '');
  return Array.isArray(listed) ? listed.filter((item) => typeof item === 'string') : [];
}

export const broadTools: ScanRule = {
  id: 'skill.broad_tools',
  severity: 'medium',
  title: 'a skill that takes every tool',
  why: 'A skill that may run any command or use any tool without being asked has no limits of its own. Name the tools and commands that it needs.',
  find: ({ language, text, role }) => {
    const front = language === 'markdown' && role === 'instructions' ? frontMatter(text) : undefined;
    if (front === undefined) return [];
    const broad = allowedTools(front).filter((tool) =>
      /^(?:\*|Bash(?:\(\*(?::\*)?\))?|Shell|all)$/i.test(tool),
    );
    const { start, end } = front;
    return broad.slice(0, 1).map(
      (tool): Hit => ({
        start,
        end,
        message: `takes \`${tool}\` without a limit`,
        capability: 'exec',
      }),
    );
  },
};
