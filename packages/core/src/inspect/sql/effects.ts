import type { Capability } from '../../model/capability.ts';
import type { Finding } from '../../model/finding.ts';

/** What the statements of one text do, gathered while they are read. Table names are lower case, `schema.table`. */
export interface SqlEffects {
  readonly capabilities: Set<Capability>;
  readonly findings: Map<string, Omit<Finding, 'at'>>;
  readonly reads: Set<string>;
  readonly writes: Set<string>;
}

export function noEffects(): SqlEffects {
  return { capabilities: new Set(), findings: new Map(), reads: new Set(), writes: new Set() };
}

/** Records a finding once, and the capability that it implies. */
export function found(effects: SqlEffects, finding: Omit<Finding, 'at'>): void {
  effects.findings.set(`${finding.id} ${finding.message}`, finding);
  if (finding.capability !== undefined) effects.capabilities.add(finding.capability);
}

export function foundUnscoped(effects: SqlEffects, verb: 'delete' | 'update'): void {
  found(effects, {
    id: `sql.unscoped_${verb}`,
    severity: 'critical',
    message: `\`${verb}\` without a condition that limits its rows`,
    capability: 'db.destroy',
  });
}

export function foundDrop(effects: SqlEffects, what: string): void {
  found(effects, {
    id: 'sql.drop',
    severity: 'critical',
    message: `drops ${what}`,
    capability: 'db.destroy',
  });
}

export function foundTruncate(effects: SqlEffects): void {
  found(effects, {
    id: 'sql.truncate',
    severity: 'critical',
    message: 'empties whole tables',
    capability: 'db.destroy',
  });
}

export function foundDropColumn(effects: SqlEffects): void {
  found(effects, {
    id: 'sql.drop_column',
    severity: 'critical',
    message: 'drops a column',
    capability: 'db.destroy',
  });
}

/** `what` is made of keywords of the grammar, never of the statement's own text. */
export function foundAdmin(effects: SqlEffects, what: string): void {
  found(effects, {
    id: 'sql.admin',
    severity: 'high',
    message: `administers the server: ${what}`,
    capability: 'db.admin',
  });
}

/** Session and transaction state: a read-only transaction ends with `COMMIT`, a role changes with `SET`. */
export function foundSession(effects: SqlEffects, what: string): void {
  found(effects, {
    id: 'sql.session',
    severity: 'high',
    message: `changes the session or transaction: ${what}`,
    capability: 'db.admin',
  });
}

export function foundFile(effects: SqlEffects, what: string): void {
  found(effects, {
    id: 'sql.file',
    severity: 'critical',
    message: `reaches files of the server: ${what}`,
    capability: 'db.admin',
  });
}

export function foundFunction(effects: SqlEffects, name: string): void {
  found(effects, {
    id: 'sql.dangerous_function',
    severity: 'high',
    message: `calls \`${name}\`, which acts outside the query`,
    capability: 'db.admin',
  });
}

export function foundSecretTable(effects: SqlEffects, table: string): void {
  found(effects, {
    id: 'sql.catalog_secret',
    severity: 'high',
    message: `names \`${table}\`, which holds credentials or server files`,
    capability: 'db.admin',
  });
}

export function foundCatalogWrite(effects: SqlEffects, table: string): void {
  found(effects, {
    id: 'sql.catalog_write',
    severity: 'critical',
    message: `writes the system catalog \`${table}\``,
    capability: 'db.admin',
  });
}
