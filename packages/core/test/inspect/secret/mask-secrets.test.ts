import { describe, expect, it } from 'vitest';
import { maskResult } from '../../../src/inspect/pii/mask-result.ts';
import { compileKnownValues } from '../../../src/inspect/secret/known-values.ts';

const TOKEN = 'ghp_k3J9sQ2mX7vB4nL8wR1tY6uI0oP5aSdF2GhZ';

describe('masking credentials', () => {
  it('masks them in texts, in structured values by their names, and in text that is JSON', () => {
    const { result, masked, secretIds } = maskResult(
      {
        content: [
          { type: 'text', text: `use ${TOKEN} to push` },
          { type: 'text', text: JSON.stringify({ db: { password: 'tr0ub4dor&Three' }, rows: 3 }) },
        ],
        structuredContent: { db: { password: 'tr0ub4dor&Three' } },
      },
      ['secret'],
    );
    expect(result).toEqual({
      content: [
        { type: 'text', text: 'use [masked:secret] to push' },
        { type: 'text', text: JSON.stringify({ db: { password: '[masked:secret]' }, rows: 3 }) },
      ],
      structuredContent: { db: { password: '[masked:secret]' } },
    });
    expect(masked).toBe(3);
    expect(secretIds).toContain('secret.assigned');
  });

  it('masks a value whose name is a member of its own, and in JSON inside of a text too', () => {
    const environment = [
      { name: 'DB_PASSWORD', value: 'k9fGx22pQ7tZ' },
      { name: 'LOG_LEVEL', value: 'k9fGx22pQ7tZ' },
      { Key: 'api_token', Value: 'q7ZtX2mB9dVcR4kLw8PfYs3NhJg6TuEa' },
    ];
    const { result } = maskResult(
      { content: [{ type: 'text', text: JSON.stringify(environment) }], structuredContent: { environment } },
      ['secret'],
    );
    const masked = [
      { name: 'DB_PASSWORD', value: '[masked:secret]' },
      { name: 'LOG_LEVEL', value: 'k9fGx22pQ7tZ' },
      { Key: 'api_token', Value: '[masked:secret]' },
    ];
    expect(result).toEqual({
      content: [{ type: 'text', text: JSON.stringify(masked) }],
      structuredContent: { environment: masked },
    });
  });

  it('leaves examples alone, and everything where it is not asked', () => {
    const documented = { text: 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE and api_key=your-api-key-here-12345' };
    expect(maskResult(documented, ['secret'])).toMatchObject({
      result: documented,
      masked: 0,
      secretIds: [],
    });
    const real = { text: TOKEN };
    expect(maskResult(real, ['email']).result).toBe(real);
  });

  it('masks personal data beside them', () => {
    expect(maskResult({ text: `ada@example.com has ${TOKEN}` }, ['secret', 'email']).result).toEqual({
      text: '[masked:email] has [masked:secret]',
    });
  });

  it('takes known values out in every spelling, of keys and of pictures too, whatever is to be masked', () => {
    const known = compileKnownValues([TOKEN]);
    const base64 = Buffer.from(`\x89PNG${TOKEN} and more bytes of a picture`).toString('base64');
    const { result, secretIds } = maskResult(
      {
        [TOKEN]: 1,
        hex: Buffer.from(TOKEN).toString('hex'),
        picture: { type: 'image', data: base64, mimeType: 'image/png' },
        // Of two equal keys a reader sees the last one only; the text has both.
        twice: `{"a":"${TOKEN}","a":"x"}`,
      },
      [],
      known,
    );
    const text = JSON.stringify(result);
    expect(text).not.toContain(TOKEN);
    expect(known.find(text)).toEqual([]);
    expect(result['hex']).toBe('[secret]');
    expect(secretIds).toEqual(['secret.known']);
  });

  it('counts the mark that stands for a credential as one', () => {
    const known = compileKnownValues([TOKEN]);
    const answer = { text: 'the header was: Bearer [secret]' };
    expect(maskResult(answer, [], known)).toMatchObject({ result: answer, secretIds: ['secret.known'] });
    expect(maskResult(answer, ['email']).secretIds).toEqual([]);
  });
});
