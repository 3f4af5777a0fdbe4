import { globProblem, type RateLimit } from '@aegis/core';
import type { Report } from './routes.ts';
import type { RateEntry } from './schema.ts';

/** Reads how many calls there may be in stretches of time. */
export function readRates(entries: readonly RateEntry[], report: Report): readonly RateLimit[] {
  const names = entries.map(({ name }) => name);
  return entries.map((entry, index): RateLimit => {
    const {
      name,
      per = [],
      limit,
      window_ms: windowMs,
      burst,
      match = 'tools/call',
      tools,
      action = 'deny',
    } = entry;
    const at = ['rates', index];
    if (names.indexOf(name) !== index) {
      report('duplicate-name', [...at, 'name'], `\`${name}\` is already the name of another rate`);
    }
    if (burst !== undefined && burst >= limit) {
      report('no-effect', [...at, 'burst'], `\`limit\` allows no more than ${limit} in any case`);
    }
    if (burst !== undefined && windowMs <= 1_000) {
      report('no-effect', [...at, 'burst'], 'the window is no longer than the second that `burst` is about');
    }
    for (const [key, globs] of [
      ['match', [match]],
      ['tools', tools ?? []],
    ] as const) {
      const problem = globs.map(globProblem).find((found) => found !== undefined);
      if (problem !== undefined) report('bad-pattern', [...at, key], problem);
    }
    return {
      name,
      per: [...new Set(per)],
      limit,
      windowMs,
      ...(burst === undefined ? {} : { burst }),
      match,
      ...(tools === undefined ? {} : { tools }),
      action,
    };
  });
}
