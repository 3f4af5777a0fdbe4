import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../src/inspect/secret/find-secrets.ts';
import { lastService, SERVICES } from '../../../src/inspect/secret/services.ts';

const HEX = '9f3c1a7be5d20486c7b1e94f0a6d8352';
const KEY = 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa';

const found = (text: string): readonly string[] =>
  findSecrets(text)
    .filter(({ example }) => !example)
    .map(({ start, end }) => text.slice(start, end));

describe('the name of a service', () => {
  it('stands in the list once, and none begins another one', () => {
    expect(SERVICES.length).toBeGreaterThan(1000);
    expect(new Set(SERVICES).size).toBe(SERVICES.length);
    const begun = SERVICES.filter((name) =>
      SERVICES.some((other) => other !== name && name.startsWith(other)),
    );
    expect(begun).toEqual([]);
  });

  it.each(SERVICES)('%s makes a key of what is assigned to it, and nothing of a word', (name) => {
    for (const text of [
      `${name}: ${HEX}`,
      `${name.toUpperCase()}_API_KEY=${KEY}`,
      `"${name}Token": "${KEY}"`,
    ]) {
      expect(found(text)).toHaveLength(1);
    }
    expect(found(`${name}: a_longer_description_of_things`)).toEqual([]);
    expect(found(`${name} client, version 2.10.4, released 2026-08-21T10:20:30Z`)).toEqual([]);
  });

  it('is found in whatever case and separators, the last one of a text', () => {
    expect(lastService('my newRelic key')).toEqual({ name: 'newrelic', start: 3, end: 11 });
    expect(lastService('NEW_RELIC=')).toEqual({ name: 'newrelic', start: 0, end: 9 });
    expect(lastService('slack and new-relic ')).toMatchObject({ name: 'newrelic' });
    expect(lastService('getDatadogKey')).toMatchObject({ name: 'datadog' });
  });

  it('is not found inside of a word', () => {
    expect(lastService('streaming')).toBeUndefined();
    expect(lastService('slackness')).toBeUndefined();
    expect(lastService('sumOfExposures')).toBeUndefined();
    expect(lastService('unstripe')).toBeUndefined();
    expect(lastService('')).toBeUndefined();
  });

  it.each([
    `import { Streaming, type StreamingQueryV2Params } from './streaming.js';`,
    `github commit ${HEX}9f3c1a7b`,
    `docker image sha256:${HEX}${HEX}`,
    `"private-key.ts": "${HEX}9f3c1a7b"`,
    'stripe customer_order_2024_items_v2',
    'heygen/heygen-video-1, klingai/kling-v2.5-turbo',
    'openrouter: google/gemma-4-26b-a4b-it',
  ])('makes no key of %j', (text) => {
    expect(found(text)).toEqual([]);
  });
});
