import type { Case } from './case.ts';

const COLLECTED = '[[telemetry.followers]]\nname = "f"\nformat = "syslog"\n';
const ALERTED = '[[alerts]]\nname = "a"\nscore = 60\n';
const FOLLOWER =
  '[[telemetry.followers]]\nname = "f"\nformat = "jsonl"\nurl = "https://h.test"\nsecret = { env = "K" }\n';
const ALERT = '[[alerts]]\nname = "a"\nscore = 60\nurl = "https://h.test"\nsecret = { env = "K" }\n';

/** Every key of telemetry. */
export const TELEMETRY: readonly Case[] = [
  ['telemetry.metrics', '[telemetry]\nmetrics = "token"', { telemetry: { metrics: 'token' } }],
  [
    'telemetry.followers.attempts',
    `${FOLLOWER}attempts = 3`,
    { telemetry: { followers: [{ to: { attempts: 3 } }] } },
  ],
  ['alerts.attempts', `${ALERT}attempts = 3`, { telemetry: { alerts: [{ to: { attempts: 3 } }] } }],
  [
    'telemetry.followers.dead_letters',
    `${FOLLOWER}dead_letters = "/d"`,
    { telemetry: { followers: [{ to: { deadLetters: '/d' } }] } },
  ],
  [
    'alerts.dead_letters',
    `${ALERT}dead_letters = "/d"`,
    { telemetry: { alerts: [{ to: { deadLetters: '/d' } }] } },
  ],
  [
    'telemetry.followers.file',
    '[[telemetry.followers]]\nname = "f"\nformat = "cef"\nfile = "/x"',
    { telemetry: { followers: [{ to: { kind: 'file', file: '/x' } }] } },
  ],
  [
    'alerts.file',
    '[[alerts]]\nname = "a"\nscore = 60\nfile = "/x"',
    { telemetry: { alerts: [{ to: { kind: 'file', file: '/x' } }] } },
  ],
  [
    'telemetry.followers.headers',
    `${FOLLOWER}headers = { A = "b" }`,
    { telemetry: { followers: [{ to: { headers: { A: 'b' } } }] } },
  ],
  [
    'alerts.headers',
    `${ALERT}headers = { A = "b" }`,
    { telemetry: { alerts: [{ to: { headers: { A: 'b' } } }] } },
  ],
  ['telemetry.followers.secret', FOLLOWER, { telemetry: { followers: [{ to: { secret: { env: 'K' } } }] } }],
  ['alerts.secret', ALERT, { telemetry: { alerts: [{ to: { secret: { env: 'K' } } }] } }],
  ['telemetry.followers.url', FOLLOWER, { telemetry: { followers: [{ to: { url: 'https://h.test' } }] } }],
  ['alerts.url', ALERT, { telemetry: { alerts: [{ to: { url: 'https://h.test' } }] } }],
  ['telemetry.followers.name', FOLLOWER, { telemetry: { followers: [{ name: 'f' }] } }],
  ['telemetry.followers.format', FOLLOWER, { telemetry: { followers: [{ format: 'jsonl' }] } }],
  ['telemetry.followers.tenant', `${FOLLOWER}tenant = "t"`, { telemetry: { followers: [{ tenant: 't' }] } }],
  [
    'telemetry.followers.with_payloads',
    `${FOLLOWER}with_payloads = true`,
    { telemetry: { followers: [{ payloads: true }] } },
  ],
  [
    'telemetry.followers.syslog',
    `${COLLECTED}syslog = "tls://h.test:6514"`,
    { telemetry: { followers: [{ to: { transport: 'tls', host: 'h.test', port: 6514 } }] } },
  ],
  [
    'telemetry.followers.ca',
    `${COLLECTED}syslog = "tls://h.test:6514"\nca = "/ca.pem"`,
    { telemetry: { followers: [{ to: { ca: '/ca.pem' } }] } },
  ],
  [
    'telemetry.followers.plaintext',
    `${COLLECTED}syslog = "udp://h.test:514"\nplaintext = true`,
    { telemetry: { followers: [{ to: { transport: 'udp' } }] } },
  ],
  [
    'alerts.syslog',
    `${ALERTED}syslog = "tls://h.test:6514"`,
    { telemetry: { alerts: [{ to: { transport: 'tls' } }] } },
  ],
  [
    'alerts.ca',
    `${ALERTED}syslog = "tls://h.test:6514"\nca = "/ca.pem"`,
    { telemetry: { alerts: [{ to: { ca: '/ca.pem' } }] } },
  ],
  [
    'alerts.plaintext',
    `${ALERTED}syslog = "tcp://h.test:514"\nplaintext = true`,
    { telemetry: { alerts: [{ to: { transport: 'tcp' } }] } },
  ],
  ['alerts.desktop', `${ALERTED}desktop = true`, { telemetry: { alerts: [{ to: { kind: 'desktop' } }] } }],
  ['alerts.name', ALERT, { telemetry: { alerts: [{ rule: { name: 'a' } }] } }],
  ['alerts.score', ALERT, { telemetry: { alerts: [{ rule: { score: 60 } }] } }],
  [
    'alerts.codes',
    `${ALERT}codes = ["GUARD_SQL"]`,
    { telemetry: { alerts: [{ rule: { codes: ['GUARD_SQL'] } }] } },
  ],
  ['alerts.rules', `${ALERT}rules = ["r"]`, { telemetry: { alerts: [{ rule: { rules: ['r'] } }] } }],
  [
    'alerts.types',
    `${ALERT}types = ["TERMINATION"]`,
    { telemetry: { alerts: [{ rule: { types: ['TERMINATION'] } }] } },
  ],
  [
    'alerts.rate.count',
    `${ALERT}rate = { count = 5, window_ms = 1000 }`,
    { telemetry: { alerts: [{ rule: { rate: { count: 5 } } }] } },
  ],
  [
    'alerts.rate.window_ms',
    `${ALERT}rate = { count = 5, window_ms = 1000 }`,
    { telemetry: { alerts: [{ rule: { rate: { windowMs: 1000 } } }] } },
  ],
];
