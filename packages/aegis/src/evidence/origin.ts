/** Whose logs these are, and how often an operator has accepted that what was signed is lost. */
export interface Lineage {
  /** 12 hex digits. */
  readonly installation: string;
  /** From 1. */
  readonly epoch: number;
}

/**
 * The name of a log in its checkpoints: `aegis-<id>` of the installation's, `aegis-<id>/<tenant>` of a
 * tenant's. From the second epoch on the id is followed by it: `aegis-<id>@2/<tenant>`. (At the end it
 * could be taken for a part of the tenant's name.)
 */
export function originOf({ installation, epoch }: Lineage, log: string): string {
  const name = `aegis-${installation}${epoch === 1 ? '' : `@${epoch}`}`;
  return log === '' ? name : `${name}/${log}`;
}
