import { findSecrets } from './find-secrets.ts';
import type { Secret } from './secret.ts';

/** A value longer than this is no secret for its name alone. */
const LONGEST_NAMED = 512;
const LONGEST_NAME = 64;
const SHORTEST = 8;
const NOTHING: readonly Secret[] = [];

/**
 * Finds credentials in a text that is the value of `name`, as `findSecrets` does where the name is written before
 * the value. Takes time linear in the text.
 */
export function findNamedSecrets(text: string, name: string): readonly Secret[] {
  if (text.length < SHORTEST) return NOTHING;
  if (name === '' || name.length > LONGEST_NAME || text.length > LONGEST_NAMED || /[\n"]/.test(text)) {
    return findSecrets(text);
  }
  const lead = `${name}="`;
  return findSecrets(`${lead}${text}"`).flatMap((secret) => {
    const start = Math.max(0, secret.start - lead.length);
    const end = Math.min(text.length, secret.end - lead.length);
    return end > start ? [{ ...secret, start, end }] : [];
  });
}
