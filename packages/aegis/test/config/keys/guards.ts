import { PATTERN, STDIO } from '../texts.ts';
import type { Case } from './case.ts';

const SANITIZER = '[[taint.sanitizers]]\nname = "few"\nserver = "s"\ntool = "t"\nargument = "a.b"\n';
const CLEARED = { name: 'few', server: 's', tool: 't', argument: 'a.b' };

/** Every key of guards. */
export const GUARDS: readonly Case[] = [
  ['tools.first_sight', '[tools]\nfirst_sight = "quarantine"', { firstSight: 'quarantine' }],
  [
    'guards.requests',
    '[guards]\nrequests = { high = "require_approval", critical = "deny" }',
    { guards: { requests: { high: 'require_approval', critical: 'deny' } } },
  ],
  [
    'guards.results',
    '[guards]\nresults = { high = "withhold" }',
    { guards: { results: { high: 'withhold' } } },
  ],
  ['guards.secrets', '[guards]\nsecrets = "deny"', { guards: { secrets: 'deny' } }],
  [
    'guards.pii',
    '[guards]\npii = "deny"',
    { guards: { pii: { kinds: ['card', 'iban', 'ssn', 'national_id'], requests: 'deny' } } },
  ],
  [
    'guards.patterns.name',
    `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'mask'`,
    { guards: { patterns: [{ name: 'badge' }] } },
  ],
  [
    'guards.patterns.pattern',
    `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'mask'`,
    { guards: { patterns: [{ pattern: 'B-\\d{4}' }] } },
  ],
  [
    'guards.patterns.action',
    `${PATTERN}name = 'badge'\npattern = 'B-\\d{4}'\naction = 'block'`,
    { guards: { patterns: [{ action: 'block' }] } },
  ],
  [
    'taint.sinks',
    '[taint]\nsinks = { exec = "require_approval" }',
    { taint: { sinks: { exec: 'require_approval' } } },
  ],
  ['taint.untrusted', '[taint]\nuntrusted = ["crm"]', { taint: { untrusted: ['crm'] } }],
  ['taint.user_text', '[taint]\nuser_text = true', { taint: { userText: true } }],
  ...['name', 'server', 'tool', 'argument', 'one_of'].map(
    (key): Case => [
      `taint.sanitizers.${key}`,
      `${SANITIZER}one_of = [7]\n${STDIO}`,
      { taint: { sanitizers: [{ ...CLEARED, kind: 'one_of', values: [7] }] } },
    ],
  ),
  ...['min', 'max'].map(
    (key): Case => [
      `taint.sanitizers.number.${key}`,
      `${SANITIZER}number = { min = 1, max = 2 }\n${STDIO}`,
      { taint: { sanitizers: [{ ...CLEARED, kind: 'number', min: 1, max: 2 }] } },
    ],
  ),
  ['guards.definitions', '[guards]\ndefinitions = "off"', { suspectDefinitions: 'off' }],
  [
    'guards.classifier.url',
    '[guards.classifier]\nurl = "http://127.0.0.1:8085/score"',
    { classifier: { url: 'http://127.0.0.1:8085/score', deadlineMs: 500, failure: 'record' } },
  ],
  [
    'guards.classifier.deadline_ms',
    '[guards.classifier]\nurl = "http://127.0.0.1:8085/"\ndeadline_ms = 50',
    { classifier: { deadlineMs: 50 } },
  ],
  [
    'guards.classifier.failure',
    '[guards.classifier]\nurl = "http://127.0.0.1:8085/"\nfailure = "high"',
    { classifier: { failure: 'high' } },
  ],
];
