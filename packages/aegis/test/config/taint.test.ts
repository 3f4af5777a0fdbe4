import { DEFAULT_SINKS, UNTRUSTED } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { configurationFile } from './folder.ts';

const SHOP = '[[servers]]\nname = "shop"\nurl = "https://shop.example/mcp"\n';

async function taintOf(text: string) {
  const { configuration, diagnostics } = await loadConfiguration(configurationFile(text));
  expect(diagnostics).toEqual([]);
  return configuration?.taint;
}

async function faults(text: string): Promise<string[]> {
  const { diagnostics } = await loadConfiguration(configurationFile(text));
  return diagnostics.map(({ at, code, message }) => `${at.line}:${at.column} ${code}: ${message}`);
}

const sanitizer = (rest: string): string =>
  `[[taint.sanitizers]]\nname = "sum"\nserver = "shop"\ntool = "refund"\nargument = "amount"\n${rest}\n`;

describe('the settings of taint', () => {
  it('are none without the table, and the defaults with an empty one', async () => {
    expect(await taintOf('')).toBeUndefined();
    expect(await taintOf('[taint]')).toEqual({
      sinks: DEFAULT_SINKS,
      untrusted: UNTRUSTED,
      userText: false,
      sanitizers: [],
    });
  });

  it('by default make a sink of what changes, sends or runs something, and of no reading', () => {
    expect(DEFAULT_SINKS).toMatchObject({ exec: 'deny', 'message.send': 'require_approval' });
    expect(DEFAULT_SINKS).toMatchObject({
      'net.egress': 'require_approval',
      unclassified: 'require_approval',
    });
    for (const reading of ['fs.read', 'db.read', 'memory.read', 'data.validate', 'model.call']) {
      expect(DEFAULT_SINKS).not.toHaveProperty([reading]);
    }
  });

  it('change single sinks and leave the others', async () => {
    const taint = await taintOf('[taint]\nsinks = { "message.send" = "deny", "fs.write" = "allow" }');
    expect(taint?.sinks).toMatchObject({ 'message.send': 'deny', 'payment.send': 'require_approval' });
    expect(taint?.sinks).not.toHaveProperty(['fs.write']);
  });

  it('name labels, sanitizers and whether clients are believed', async () => {
    const taint = await taintOf(
      `[taint]\nuntrusted = ["external", "partner"]\nuser_text = true\n${sanitizer('number = { min = 0, max = 50 }')}${SHOP}`,
    );
    expect(taint).toMatchObject({
      untrusted: ['external', 'partner'],
      userText: true,
      sanitizers: [
        { name: 'sum', server: 'shop', tool: 'refund', argument: 'amount', kind: 'number', min: 0, max: 50 },
      ],
    });
  });

  it.each([
    [sanitizer('') + SHOP, '1:1 bad-value: the sanitizer `sum` needs either `number` or `one_of`'],
    [
      sanitizer('number = { min = 0, max = 1 }\none_of = [1]') + SHOP,
      '1:1 bad-value: the sanitizer `sum` needs either `number` or `one_of`',
    ],
    [sanitizer('number = { min = 2, max = 1 }') + SHOP, '6:10 no-effect: no number is from `min` to `max`'],
    [sanitizer('one_of = [1]'), '3:10 unknown-server: there is no server `shop`'],
    [
      sanitizer('one_of = [1]') + sanitizer('one_of = [2]') + SHOP,
      '8:8 duplicate-name: `sum` is already the name of another entry',
    ],
  ])('with a mistake are refused', async (text, fault) => {
    expect(await faults(text)).toEqual([fault]);
  });
});
