import type { Case } from './corpus.ts';
import { isTakenAtHome, isUncovered, isUncoveredForm } from './number-formats.ts';
import type { Measurement } from './plan.ts';

const COVERED = ['EMAIL_ADDRESS', 'PHONE_NUMBER', 'CREDIT_CARD', 'IBAN_CODE', 'US_SSN', 'IP_ADDRESS'];

/** Texts that name people only in ways that no form gives away. */
const namesOnly = ({ label, expect }: Case): boolean =>
  label === 'positive' && expect?.spans?.some(({ type }) => COVERED.includes(type)) !== true;

export const PEOPLE: readonly Measurement[] = [
  {
    name: 'people: generated texts',
    file: 'pii-presidio-research/generated_large.jsonl',
    leaveOut: namesOnly,
    floor: 0.98,
  },
  {
    name: 'people: synthetic texts',
    file: 'pii-presidio-research/synth_v2.jsonl',
    leaveOut: namesOnly,
    floor: 0.97,
  },
  { name: 'people: telephone numbers', file: 'pii-phone/cases.jsonl', floor: 0.98 },
  {
    name: 'people: numbers, each against its own validator',
    file: 'pii-stdnum/cases.jsonl',
    kind: 'country',
    leaveOut: isUncovered,
    stops: isTakenAtHome,
    floor: 0.8,
    ceiling: 0.03,
  },
  {
    name: 'people: the same numbers, against every validator at once',
    file: 'pii-stdnum/cases.jsonl',
    kind: 'country',
    leaveOut: isUncovered,
    floor: 0.75,
    ceiling: 0.22,
  },
  {
    name: 'people: numbers of companies, banks and goods',
    file: 'pii-stdnum/cases.jsonl',
    kind: 'country',
    leaveOut: (row) => !isUncovered(row),
  },
  {
    name: 'people: addresses, accounts and cards in forms',
    file: 'pii-validatorjs/cases.jsonl',
    kind: 'format',
    leaveOut: isUncoveredForm,
    floor: 0.95,
    ceiling: 0.25,
  },
  {
    name: 'people: passports, devices, wallets and options of forms',
    file: 'pii-validatorjs/cases.jsonl',
    kind: 'format',
    leaveOut: (row) => !isUncoveredForm(row),
  },
];
