import { assertNever } from '../../errors.ts';
import type { Capability } from '../../model/capability.ts';
import type { Severity } from '../../model/finding.ts';
import type { ScannedEntry } from '../entry.ts';
import type { ScanRule } from '../rule.ts';

/** What is said of an entry that is no text. */
interface EntryHit {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly capability?: Capability;
}

type EntryRule = Omit<ScanRule, 'find'>;

export const linkOutside: EntryRule = {
  id: 'file.link_outside',
  severity: 'high',
  title: 'a link that leads out of the folder',
  why: 'Whoever reads or copies the folder reads what the link leads to: keys of the user, for example. It was not followed.',
};

export const binary: EntryRule = {
  id: 'file.binary',
  severity: 'medium',
  title: 'a program that cannot be read',
  why: 'Compiled programs do what nobody can review here. Build them from their sources.',
};

export const unread: EntryRule = {
  id: 'file.unread',
  severity: 'medium',
  title: 'a file that was not read',
  why: 'What is not read is not judged.',
};

export const ENTRY_RULES: readonly EntryRule[] = [linkOutside, binary, unread];

export function entryHit(entry: Exclude<ScannedEntry, { readonly kind: 'text' }>): EntryHit {
  switch (entry.kind) {
    case 'link':
      return hit(linkOutside, 'a symbolic link that leads out of the folder', 'fs.read');
    case 'binary':
      return hit(binary, entry.what, 'exec');
    case 'unread':
      return hit(unread, `not read: ${entry.why}`);
    default:
      return assertNever(entry);
  }
}

function hit({ id, severity }: EntryRule, message: string, capability?: Capability): EntryHit {
  return { rule: id, severity, message, ...(capability === undefined ? {} : { capability }) };
}
