import { cardAt } from './card.ts';
import { type DigitGroup, eachDigitRun, hasDigitRun } from './digit-run.ts';
import { findEmails } from './email.ts';
import { foldCharacters } from './fold-characters.ts';
import { findIbans } from './iban.ts';
import { findIpAddresses } from './ip-address.ts';
import { findMachineReadableZones } from './mrz.ts';
import { findLetteredIds, nationalIdAt } from './national/find-national-ids.ts';
import { type PersonalData, settle } from './personal-data.ts';
import { findPhones } from './phone.ts';
import { ssnAt } from './ssn.ts';

/**
 * Finds personal data of the wanted kinds (`PII_KINDS`; others are none) in a text, in order and without
 * overlaps. `label` is what the text is called, such as the key that it is the value of; it counts like
 * words before the text.
 *
 * Every kind is judged by its structure and check digits; names, street addresses and dates of birth have
 * none and are not found. Takes time linear in the text: about 2 us for a KB without digits and `@`, 10 to
 * 40 us for a KB of sources, mails or logs, and at most 1.5 ms for a KB made to be slow.
 */
export function findPersonalData(
  text: string,
  kinds: readonly string[],
  label = '',
): readonly PersonalData[] {
  return findWanted(text, new Set(kinds), label);
}

/** The same for a set of kinds that is kept over many texts. */
export function findWanted(
  text: string,
  wanted: ReadonlySet<string>,
  label: string,
): readonly PersonalData[] {
  if (text.length < SHORTEST || !WORTH_A_LOOK.test(text) || wanted.size === 0) return NOTHING;
  const folded = foldCharacters(text);
  const emails = findEmails(folded);
  if (!DIGIT.test(folded)) return settle(emails, wanted);
  const ibans = findIbans(folded);
  if (!mayHoldNumber(folded, ibans.length > 0, wanted)) return settle(emails, wanted);
  // Kinds that are not wanted are looked for as well: what is an IBAN is not a card number.
  const seen = [
    ...emails,
    ...ibans,
    ...findIpAddresses(folded, label),
    ...findMachineReadableZones(folded),
    ...findLetteredIds(folded, label),
  ];
  eachDigitRun(folded, (run) => {
    let rest: DigitGroup[] = [];
    const close = (): void => {
      for (const phone of findPhones(folded, rest, label)) seen.push(phone);
      rest = [];
    };
    let reach = 0;
    for (const [i, group] of run.entries()) {
      const number =
        cardAt(folded, run, i, label) ?? ssnAt(folded, run, i, label) ?? nationalIdAt(folded, run, i, label);
      if (number !== undefined) {
        seen.push(number);
        // What is masked as one of these is no telephone number, whatever is written before it.
        if (number.kind === 'card' || wanted.has(number.kind)) reach = Math.max(reach, number.end);
      }
      if (group.end <= reach) close();
      else rest.push(group);
    }
    close();
  });
  return settle(seen, wanted);
}

/**
 * Whether anything but an address of mail can be found that is wanted.
 *
 * INVARIANT: no other kind has the sign of an address in it, so none decides whether an address counts.
 */
function mayHoldNumber(text: string, holdsIban: boolean, wanted: ReadonlySet<string>): boolean {
  if (wanted.has('ip') || wanted.has('national_id') || wanted.has('phone')) return true;
  if (holdsIban && wanted.has('iban')) return true;
  return (wanted.has('card') || wanted.has('ssn')) && hasDigitRun(text, FEWEST_OF_SSN);
}

const FEWEST_OF_SSN = 9;
const NOTHING: readonly PersonalData[] = [];
// `fc::1`
const SHORTEST = 5;
const WORTH_A_LOOK = /[@0-9\u0660-\uffff]/;
const DIGIT = /\d/;
