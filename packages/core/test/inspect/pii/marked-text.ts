import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';

/** What is found, shown in the text: `write to «email:ada@example.com»`. */
export function marked(text: string, kinds: readonly string[] = PII_KINDS, label?: string): string {
  let out = '';
  let from = 0;
  for (const { kind, start, end } of findPersonalData(text, kinds, label)) {
    out += `${text.slice(from, start)}«${kind}:${text.slice(start, end)}»`;
    from = end;
  }
  return out + text.slice(from);
}

/** The text without the marks. */
export function unmarked(text: string): string {
  return text.replace(/«\w+:|»/g, '');
}
