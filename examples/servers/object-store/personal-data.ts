export type PersonalData = 'e-mail' | 'phone' | 'card';

const COLUMN_WORDS: readonly (readonly [PersonalData, RegExp])[] = [
  ['e-mail', /e-?mail/i],
  ['phone', /phone|mobile/i],
  ['card', /card|\bpan\b/i],
];

/** What a column of this name would hold. */
export function personalColumn(name: string): PersonalData | undefined {
  return COLUMN_WORDS.find(([, word]) => word.test(name))?.[0];
}

/** What this value is. A phone number is told from a plain number by a `+` or by its separators. */
export function personalValue(value: string): PersonalData | undefined {
  const text = value.trim();
  const at = text.indexOf('@');
  if (at > 0 && !/\s/.test(text) && text.indexOf('.', at) > at + 1) return 'e-mail';
  if (!/^\+?[\d\s().-]+$/.test(text)) return undefined;
  const digits = text.replace(/\D/g, '');
  if (digits.length >= 13 && digits.length <= 19 && isLuhnValid(digits)) return 'card';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const spelledAsPhone = text.startsWith('+') || /\d[\s().-]+\d/.test(text);
  return spelledAsPhone && digits.length >= 8 && digits.length <= 15 ? 'phone' : undefined;
}

/** The check digit of ISO/IEC 7812-1. */
function isLuhnValid(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
