import { textOfUtf8 } from '../utf8.ts';

/** Text of the bytes that digits of `width` bits each make up (RFC 4648); bits that are left over are dropped. */
export function textOfDigits(digits: string, valueOf: ReadonlyMap<string, number>, width: number): string {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const digit of digits) {
    const value = valueOf.get(digit);
    if (value === undefined) continue;
    bits = ((bits << width) | value) & 0xffff;
    count += width;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 0xff);
  }
  return textOfUtf8(bytes);
}

export function alphabet(digits: string): ReadonlyMap<string, number> {
  return new Map([...digits].map((digit, value) => [digit, value]));
}
