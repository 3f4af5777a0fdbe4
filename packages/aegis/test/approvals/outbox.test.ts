import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/approvals/channels/outbox.ts';

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('an outbox', () => {
  it('sends again what was not taken, in order, and says what it gives up', async () => {
    const sent: string[] = [];
    const warned: string[] = [];
    const outbox = new Outbox({
      name: 'hook',
      send: (text) => {
        sent.push(text);
        return text === 'lost' ? Promise.reject(new Error('it answered 503')) : Promise.resolve();
      },
      warn: (text) => warned.push(text),
      retryAfterMs: [1, 1],
    });
    outbox.put('lost');
    outbox.put('next');
    await until(() => sent.includes('next'));
    expect(sent).toEqual(['lost', 'lost', 'lost', 'next']);
    expect(warned).toEqual(['hook: a question was not told: it answered 503']);
    await outbox.close();
  });

  it('holds so many and no more, and closes while it waits', async () => {
    const warned: string[] = [];
    const outbox = new Outbox({
      name: 'hook',
      send: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('closed')));
        }),
      warn: (text) => warned.push(text),
    });
    for (let n = 0; n < 258; n++) outbox.put(String(n));
    expect(warned).toEqual(['hook: too many messages wait, one is not sent']);
    await outbox.close();
    outbox.put('after');
    expect(warned).toHaveLength(1);
  });
});
