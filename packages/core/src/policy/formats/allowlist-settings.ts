import type { JsonObject, JsonValue } from '../../model/json.ts';
import {
  compilePersonalPattern,
  type PatternAction,
  type PersonalPattern,
} from '../../inspect/pii/pattern.ts';
import {
  fault,
  type Report,
  readBoolean,
  readCount,
  readList,
  readString,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import type { PersonalSettings } from '../guard-settings.ts';
import type { AskedSettings } from './asked-settings.ts';

const RATE = 'rateLimits';
const PROMPT = 'promptIntegrity';
const PERSONAL = 'piiDataGuard';
const MINUTE_MS = 60_000;
const MOST_REQUESTS = 1_000_000;
const MOST_PATTERNS = 64;

/** Reads `rateLimits`, `promptIntegrity` and `piiDataGuard`; what is not enabled asks for nothing. */
export function readAllowlistSettings(report: Report, table: JsonObject): readonly AskedSettings[] {
  const asked: AskedSettings[] = [];
  const add = (key: string, read: typeof readRate): void => {
    const value = table[key];
    const settings = value === undefined ? undefined : readTable(report, [key], value);
    if (settings === undefined) return;
    const wanted = read(report, settings);
    const { enabled } = settings;
    if (enabled !== undefined && readBoolean(report, [key, 'enabled'], enabled) !== true) return;
    if (wanted !== undefined) asked.push({ key, at: report.document.positionOf([key], 'key'), ...wanted });
  };
  add(RATE, readRate);
  add(PROMPT, readPrompt);
  add(PERSONAL, readPersonal);
  return asked;
}

type Asked = Pick<AskedSettings, 'rate' | 'guards'>;

/** So many actions of all agents together in any minute. */
function readRate(report: Report, table: JsonObject): Asked | undefined {
  refuseUnknownKeys(report, [RATE], table, ['enabled', 'requestsPerMinute']);
  const { requestsPerMinute: most, enabled } = table;
  if (most === undefined) {
    return enabled === false
      ? {}
      : fault(report, [RATE], 'missing-key', `\`${RATE}\` needs \`requestsPerMinute\``);
  }
  const limit = readCount(report, [RATE, 'requestsPerMinute'], most, MOST_REQUESTS);
  if (limit === undefined) return undefined;
  return { rate: { name: RATE, per: [], limit, windowMs: MINUTE_MS, match: '*', action: 'deny' } };
}

/** Calls and results are scored; with `blockJailbreaks` high and critical ones are stopped. */
function readPrompt(report: Report, table: JsonObject): Asked | undefined {
  refuseUnknownKeys(report, [PROMPT], table, ['enabled', 'blockJailbreaks']);
  const { blockJailbreaks } = table;
  const block =
    blockJailbreaks === undefined ? false : readBoolean(report, [PROMPT, 'blockJailbreaks'], blockJailbreaks);
  if (block === undefined) return undefined;
  return {
    guards: block
      ? { requests: { high: 'deny' }, results: { high: 'withhold' } }
      : { requests: {}, results: {} },
  };
}

const ACTIONS = ['BLOCK', 'REDACT', 'BLOCK_AND_REDACT'] as const;
type Action = (typeof ACTIONS)[number];

const PATTERN_ACTION: Readonly<Record<Action, PatternAction>> = {
  BLOCK: 'block',
  REDACT: 'redact',
  BLOCK_AND_REDACT: 'block_and_redact',
};

const PERSONAL_ANSWER: Readonly<Record<Action, Omit<PersonalSettings, 'kinds'>>> = {
  BLOCK: { requests: 'deny', results: 'withhold' },
  REDACT: { results: 'redact' },
  BLOCK_AND_REDACT: { requests: 'deny', results: 'redact' },
};

/** The forms that the file tells or, where it tells none, what is known of such numbers and addresses. */
function readPersonal(report: Report, table: JsonObject): Asked | undefined {
  refuseUnknownKeys(report, [PERSONAL], table, ['enabled', 'detectPatterns', 'action']);
  const { action: word, detectPatterns, enabled } = table;
  const patterns = detectPatterns === undefined ? undefined : readPatterns(report, detectPatterns);
  if (word === undefined) {
    if (enabled === false) return {};
    return fault(report, [PERSONAL], 'missing-key', `\`${PERSONAL}\` needs \`action\``, {
      help: `one of ${ACTIONS.map((one) => `\`${one}\``).join(', ')}`,
    });
  }
  const action = readWord(report, [PERSONAL, 'action'], word, ACTIONS);
  if (action === undefined) return undefined;
  if (patterns === undefined) {
    return { guards: { pii: { kinds: ['ssn', 'card', 'email'], ...PERSONAL_ANSWER[action] } } };
  }
  const answer = PATTERN_ACTION[action];
  return { guards: { patterns: patterns.map(({ name, pattern }) => ({ name, pattern, action: answer })) } };
}

/** A list of tables, each with names and their patterns. */
function readPatterns(report: Report, value: JsonValue): readonly Omit<PersonalPattern, 'action'>[] {
  const path: SourcePath = [PERSONAL, 'detectPatterns'];
  const patterns: Omit<PersonalPattern, 'action'>[] = [];
  for (const [index, item] of (readList(report, path, value) ?? []).entries()) {
    const table = readTable(report, [...path, index], item) ?? {};
    for (const [written, source] of Object.entries(table)) {
      const at = [...path, index, written];
      const pattern = readString(report, at, source);
      const name = nameOf(written);
      if (pattern === undefined) continue;
      if (name === undefined) {
        fault(report, at, 'bad-text', `\`${written}\` is not the name of a pattern`, { what: 'key' });
        continue;
      }
      const compiled = compilePersonalPattern({ name, pattern, action: 'block' });
      if (typeof compiled === 'string') {
        fault(report, at, 'bad-pattern', `the pattern \`${written}\`: ${compiled}`);
      } else if (patterns.some((known) => known.name === name)) {
        fault(report, at, 'duplicate-name', `a pattern \`${written}\` exists already`, { what: 'key' });
      } else patterns.push({ name, pattern });
    }
  }
  if (patterns.length > MOST_PATTERNS) {
    fault(report, path, 'out-of-range', `there are at most ${MOST_PATTERNS} patterns`);
  }
  if (Array.isArray(value) && value.length === 0) fault(report, path, 'no-effect', 'there is no pattern');
  return patterns;
}

/** `creditCard` is `listed-credit-card`: so no name is that of a kind, which finds more than the form. */
function nameOf(written: string): string | undefined {
  const kebab = written.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return /^[a-z0-9][a-z0-9_-]{0,50}$/.test(kebab) ? `listed-${kebab}` : undefined;
}
