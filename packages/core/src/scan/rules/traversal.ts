import { resolve, tokensOf } from '../code/code.ts';
import { valueOf } from '../code/value.ts';
import type { Hit, ScanRule } from '../rule.ts';
import { FILE_CALLS } from './known-calls.ts';

const JOINS =
  /(?:^|\.)(?:path\.join|path\.resolve|path\.posix\.join|os\.path\.join|joinpath|filepath\.Join)$|^path\/filepath\.Join$|^path\.Join$/;

/** Names whose use says that a program looks where a path leads. */
const CHECKS = new Set(
  'realpath realpathSync startsWith startswith commonpath commonprefix is_relative_to relative_to relative EvalSymlinks secure_filename safe_join basename HasPrefix IsLocal isPathInside validatePath sanitizePath OpenRoot'.split(
    ' ',
  ),
);

/** Calls of one source that are looked at. */
const MOST = 30;

export const uncheckedPath: ScanRule = {
  id: 'fs.unchecked_path',
  severity: 'medium',
  title: 'a path that is joined and used without a look at where it leads',
  why: 'A `..`, an absolute path or a link in the joined part leads out of the folder. Resolve the path, and compare it with the folder before it is used.',
  find: ({ code }) => {
    if (code === undefined) return [];
    for (const { kind, text } of tokensOf(code)) if (kind === 'name' && CHECKS.has(text)) return [];
    const files = code.calls.filter(({ name }) => FILE_CALLS.has(name)).slice(0, MOST);
    return files.flatMap(({ name, args, start, end }): readonly Hit[] => {
      const [path = []] = args;
      if (!isJoined(code, path)) return [];
      return [
        { start, end, message: `\`${name}\` takes a path that is joined from values`, capability: 'fs.read' },
      ];
    });
  },
};

function isJoined(code: Parameters<typeof resolve>[0], path: Parameters<typeof resolve>[1]): boolean {
  const value = resolve(code, path);
  if (value.kind === 'built') return value.text.includes('/') && !/^\uFFFC\/[\w./-]+$/.test(value.text);
  const own = valueOf(path);
  const written = own.kind === 'name' ? (code.assignments.get(own.name) ?? []) : [path];
  return written.some((tokens) => {
    const [first, last] = [tokens[0], tokens.at(-1)];
    if (first === undefined || last === undefined) return false;
    return code.calls.some((call) => {
      if (!JOINS.test(call.name) || call.start < first.start || call.end > last.end) return false;
      // The last part is what somebody chooses: a fixed one leads nowhere else.
      const chosen = call.args.slice(1).map((arg) => resolve(code, arg));
      return chosen.some(({ kind }) => kind === 'unknown' || kind === 'built' || kind === 'name');
    });
  });
}
