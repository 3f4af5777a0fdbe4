import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';

const RANDOM = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa5QoMxKi1CbGrDzHyWvUjSnFpAeLqtW7x';
const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352b7e1c9405fd36a82917ecb04d5f8a263';
const hex = (length: number): string => HEX.repeat(2).slice(0, length);
const random = (length: number): string => RANDOM.repeat(2).slice(0, length);
const uuid = '7d3f1c9a-52b8-4e60-9f14-c8a7e5b2d036';

const found = (text: string): readonly (readonly [string, string])[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ kind, start, end }) => [kind, text.slice(start, end)] as const);

/** What stands before a token, and the token. */
const TOKENS: readonly (readonly [kind: string, before: string, token: string])[] = [
  ['mailgun.key', '', `${hex(32)}-${hex(8)}-${HEX.slice(8, 16)}`],
  ['infobip.key', '', `${hex(32)}-${uuid}`],
  ['bunny.key', '', `${uuid}7d3f1c9a${uuid.slice(8)}`],
  ['baseten.key', '', `${random(8)}.${random(32)}`],
  ['ngrok.token', '', `2${random(26)}_${random(20)}`],
  ['uptimerobot.key', '', `u1234567-${hex(24)}`],
  ['jenkins.token', '', `11${hex(32)}`],
  ['tatum.key', '', `t-${hex(24)}-${HEX.slice(24, 48)}`],
  ['bitcoin.private_key', '', `K${random(51).replaceAll(/[0OIl]/g, 'z')}`],
  ['stellar.seed', '', `S${'Q7Z2XBMVR4KLWP3NHJ6TU5'.repeat(3).slice(0, 55)}`],
  ['bitlocker.recovery_key', '', '482193-993755-120834-771204-338812-905517-664120-118833'],
  ['ghost.key', `${hex(24)}:`, HEX],
  ['ably.key', 'xVLyHw.A-pwhw:', random(43)],
  ['license_key', 'Product key: ', '9VLM2-QXK27-T8SWQ-RTZU2-PL4NV'],
  ['imagekit.key', '', `private_${random(27)}=`],
  ['metabase.key', '', `mb_${random(43)}=`],
  ['litellm.key', '', `sk-${random(22)}`],
  ['gemini.key', '', `account-${random(20)}`],
  ['boundary.token', '', `at_${random(10)}_s1${random(60)}`],
];

describe('a token of parts of fixed lengths', () => {
  it('is certain by its form, where nothing else is made of the same parts', () => {
    expect(findSecrets('482193-993755-120834-771204-338812-905517-664120-118833')[0]?.certainty).toBe(
      'shaped',
    );
    // The id of an object and a digest.
    expect(findSecrets(`${hex(24)}:${HEX}`)[0]?.certainty).toBe('named');
  });

  it.each(TOKENS)('of %s is found behind %j', (kind, before, token) => {
    for (const text of [before + token, `see ${before}${token} in the log`, `"${before}${token}"`]) {
      expect(found(text)).toContainEqual([kind, token]);
    }
  });

  it.each(TOKENS)('of %s is none when it is longer or cut off: %j', (kind, before, token) => {
    // Of `boundary.token` only the beginning is of a fixed length.
    const cut = kind === 'boundary.token' ? token.slice(0, 30) : token.slice(0, -3);
    const longer = kind === 'boundary.token' ? `x${token}` : `${token}ab12`;
    for (const text of [before + longer, before + cut]) {
      expect(found(text).map(([name]) => name)).not.toContain(kind);
    }
  });

  it.each([
    '7d3f1c9a-52b8-4e60-9f14-c8a7e5b2d036',
    `sha256:${HEX}`,
    `${hex(24)} ${HEX}`,
    'order VLM22-QXK27-T8SWQ-RTZU2-PL4NV',
    'main.a1b2c3d4.js.map and chunk-7d3f1c9a.css',
    'o.isReactComponentElementValidator(), previewUnpublishedContentBannerForEditors',
    '<body class="luma-theme-checkout-cart-index-page-layout-1column">',
    `translations es_ES_${hex(32)}.json loaded`,
    `checksum/secret-${HEX}`,
    `session sess-${hex(40)} started`,
  ])('%s is none', (text) => {
    expect(found(text)).toEqual([]);
  });
});
