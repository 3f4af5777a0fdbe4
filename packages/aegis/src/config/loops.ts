import type { LoopSettings, LoopThreshold } from '@aegis/core';
import type { Report } from './routes.ts';
import type { LoopsEntry } from './schema.ts';

/** Reads what is a loop, and what becomes of it. */
export function readLoops(entry: LoopsEntry, report: Report): LoopSettings {
  const read = (key: keyof LoopsEntry): LoopThreshold | undefined => {
    const found = entry[key];
    if (found === undefined) return undefined;
    const { times, action = 'deny', delay_ms: delayMs } = found;
    if ((action === 'slow_down') !== (delayMs !== undefined)) {
      const message =
        delayMs === undefined ? '`slow_down` needs `delay_ms`' : '`delay_ms` belongs to `slow_down`';
      report('bad-value', ['loops', key], message);
    }
    return { times, action, ...(delayMs === undefined ? {} : { delayMs }) };
  };
  const identical = read('identical');
  const sequence = read('sequence');
  const sameAnswer = read('same_answer');
  const errors = read('errors');
  return {
    ...(identical === undefined ? {} : { identical }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(sameAnswer === undefined ? {} : { sameAnswer }),
    ...(errors === undefined ? {} : { errors }),
  };
}
