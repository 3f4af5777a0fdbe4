import type { Capability } from '../model/capability.ts';
import type { Finding } from '../model/finding.ts';
import type { InspectPlatform } from './platform.ts';
import { breaksOutOfShell } from './shell/value/break-out.ts';
import { breaksOutOfSql } from './sql/value/break-out.ts';

type Found = Omit<Finding, 'at'>;

const SQL_MESSAGE = 'would go on as a statement behind the value that it is put in for';

/** What is found in a text that the tool puts into a statement of its own. */
export function inspectSqlValue(value: string): readonly Found[] {
  if (!breaksOutOfSql(value)) return [];
  return [{ id: 'sql.injection', severity: 'high', message: SQL_MESSAGE, denies: 'GUARD_SQL' }];
}

/** What is found in a text that the tool puts into a command of its own. */
export function inspectShellValue(value: string, { shell }: InspectPlatform): readonly Found[] {
  if (!breaksOutOfShell(value, shell)) return [];
  const message = 'would go on as a command behind the argument that it is put in for';
  return [{ id: 'shell.injection', severity: 'high', message, denies: 'GUARD_SHELL' }];
}

/**
 * What is found in a text of which nobody says what it is, of a tool that works on databases: it may end up in a
 * statement. Nothing denies by itself.
 */
export function inspectPossibleValue(value: string, capabilities: readonly Capability[]): readonly Found[] {
  const reachesDatabase = capabilities.some((capability) => capability.startsWith('db.'));
  if (!reachesDatabase || !breaksOutOfSql(value)) return [];
  return [{ id: 'sql.injection', severity: 'medium', message: SQL_MESSAGE }];
}
