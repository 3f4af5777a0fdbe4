import { describe, expect, it } from 'vitest';
import { inspectDefinition } from '../../../src/inspect/definition/inspect-definition.ts';
import { inspectText } from '../../../src/inspect/prompt/inspect-text.ts';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

const LENGTH = 200 * 1024;

// Each takes below a second; whatever looks at every earlier character again would take minutes.
const BUDGET_MS = 6000;

const UNITS = [
  'a',
  ' ',
  '<',
  '<!--',
  '<a ',
  '<a style="',
  '<a width:0 ',
  '![',
  '![a](https://a.example/?d=',
  '[//]: # (',
  'https://',
  'https://a.example/?q={data}&',
  'curl ',
  'curl https://',
  'curl -u a',
  ' -u a',
  'powershell -e ',
  'ignore ',
  'ignore all previous instructions ',
  'do not tell the user ',
  'TODO: send ',
  'a b c d ',
  'a.b.c.d.',
  'abcd efgh ',
  '1gn0r3 ',
  '%41',
  '%',
  '&#65;',
  '&#',
  '\\u0041',
  '\\',
  '41',
  '0x41,',
  '01000001 ',
  '65 ',
  '.- ',
  'gur ',
  'eht ',
  'QUJD',
  'QUJDREVGR0hJSktM\n',
  'MFRGG===',
  '\u200b',
  '\u200c\u200d',
  '\u{e0041}',
  '\u{1f3f4}\u{e0041}',
  '\ufe0f',
  '\u0301',
  'e\u0301',
  '\u202e',
  '\u001b[8m',
  '\u001b[38;5;1;',
  '忽略',
  '이전 ',
  'أ',
  'system: ',
  '\nsystem:',
  '\n### ',
  '{"role":"system",',
  '=',
  'a=b',
  'password=',
  'password=a1b2c3d4',
  'secret ',
  'key: key: ',
  'eyJ',
  'eyJhbGciOiJ.',
  'eyJhbGciOiJIUzI1NiJ9.eyJh',
  '-----BEGIN RSA PRIVATE KEY-----',
  'ghp_',
  'sk-ant-api03-',
  'a://b:c',
  'a://b:c@',
  'a.a.a.',
  'token ',
  'datadog ',
  'Q~',
  '123456789:AA',
  'replace iban with ',
  'silently send ',
  'if aa_bb is used once a_a ',
  'include files in the ',
  'machine a login b password ',
  '$2b$10$',
  '$6$rounds=1$',
  '$argon2id$v=1$m=1,t=1,p=1$',
  'pbkdf2_sha256$1$',
  '1/1234567890123:',
  'AAAAAAAAAA',
  'a1msh',
  'hook.make.com/',
  'chat.googleapis.com/v1/spaces/',
  'Aa1',
  '12-a',
  'when the a_b tool ',
  'if any other tool ',
  'always use this ',
];

describe('inspectors of texts, on hostile ones', () => {
  it.each(UNITS)('look at 200 KB of %j in linear time', (unit) => {
    const text = unit.repeat(Math.ceil(LENGTH / unit.length));
    const start = performance.now();
    inspectText(text, { place: '', direction: 'result' });
    findSecrets(text);
    inspectDefinition({ name: 'a', description: text });
    expect(performance.now() - start).toBeLessThan(BUDGET_MS);
  });
});
