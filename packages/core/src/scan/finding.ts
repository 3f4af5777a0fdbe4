import type { Capability } from '../model/capability.ts';
import type { Severity } from '../model/finding.ts';

/** A bad pattern and where it stands. Lines and columns count from 1, columns in UTF-16 units. */
export interface ScanFinding {
  /** Id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** From the folder that is scanned. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly capability?: Capability;
}
