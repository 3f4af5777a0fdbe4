import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';
import { marked, unmarked } from './marked-text.ts';

const FOUND: readonly string[] = [
  // E-mail
  'write to «email:ada@example.com».',
  "<«email:ada.lovelace+bills@mail.example.co.uk»>, («email:o'brien@example.org»)",
  "'«email:ada@example.com»', «email:ADA@EXAMPLE.COM»; mailto:«email:ada@example.com»?subject=x",
  'user=«email:ada@example.com»&to=«email:bob%40example.com»',
  '<a>«email:ada&#64;example.com»</a> «email:ada&#x40;example.com» {"a":"«email:ada\\u0040example.com»"}',
  'log\\n«email:ada@example.com»\\n«ip:203.0.113.7»\\n«iban:NO9386011117947»\\t«phone:555-010-1234»\\r«ip:2001:db8::1»',
  '请联系«email:ada@example.com»谢谢',
  '«email:jürgen@müller.example» «email:иван@почта.рф»',
  '«email:ada@example.com»-old and «email:ada@example.com».',
  'wait...«email:ada@example.com»',
  'to «email:"ada lovelace"@example.com», «email:"a\\"b"@example.com», "ada" @example.com, ""@example.com',
  '«email:ada@m端ller.example» and «email:用户@例子.公司»',
  '«email:ada@xn--bcher-kva.example»',
  // Payment cards
  '«card:4111111111111111» «card:4111 1111 1111 1111» «card:4111-1111-1111-1111»',
  '«card:378282246310005», «card:3782 822463 10005», «card:30569309025904»',
  'order 12 «card:5555 5555 5555 4444» 123',
  'a,«card:2223003122003222»,b;«card:6011000990139424»',
  'my card is «card:4222222222222», cc «card:501800000009»',
  '«card:4111111111111111»/12/27',
  '«card:４１１１ １１１１ １１１１ １１１１» «card:4111\u00a01111\u20091111\u202f1111»',
  // Bank accounts
  'to «iban:GB82 WEST 1234 5698 7654 32» and «iban:DE89370400440532013000»',
  'IBAN:«iban:gb82west12345698765432»; «iban:FR14-2004-1010-0505-0001-3M02-606»',
  '«iban:NO9386011117947»',
  // Social security
  '«ssn:536-22-1234» and SSN «ssn:536 22 1234»',
  'his social security number is «ssn:536221234»',
  '«ssn:536221234» (SSN)',
  // Telephone
  'call «phone:(555) 010-1234» or «phone:555-010-1234»',
  '«phone:555.010.1234» «phone:1-555-010-1234» «phone:+1 (555) 010-1234 ext. 77»',
  '«phone:+44 20 7946 0958» «phone:+442079460958» «phone:(+44) 20 7946 0958»',
  '«phone:+41 (0)44 668 18 00», «phone:+49 30 901820»',
  '«phone:0044 20 7946 0958» «phone:001-555-010-1234»',
  '«phone:020 7946 0958», «phone:07700 900123», «phone:06.12.34.56.78»',
  'tel: «phone:5550101234», phoneNumber=«phone:5550101234», Fax «phone:030/123456»',
  'you can call me at «phone:785 8949»; «phone:22 498317» office',
  '«phone:555-010-1234»/«phone:555-010-1235»',
  'Telefon: «phone:089 72 63 41», teléfono «phone:91 123 45 67»',
  'on 2024-01-31 call «phone:785 8949»',
  // IP addresses
  'from «ip:203.0.113.7» to «ip:192.168.1.10»:8080, https://«ip:198.51.100.4»/x',
  '«ip:10.0.0.0»/8 <td>«ip:203.0.113.7»</td> addr=«ip:203.0.113.7».',
  '«ip:2001:db8::1», [«ip:2001:db8::8a2e:370:7334»]:443, «ip:fe80::1»%eth0',
  'Ada—«phone:555-010-1234»—«phone:555\u2013010\u20111234»',
  'at «ip:2001:db8::1»... «ip:2001:db8::2»: unreachable, «ip:2001:db8::».',
  '«ip:2001:0db8:85a3:0000:0000:8a2e:0370:7334» «ip:::ffff:203.0.113.7».',
];

const CLEAN: readonly string[] = [
  // Not an address of anybody
  'react@18.2.0 left-pad@1.3.0 @scope/pkg x@y icon@2x.png getty@tty1.service',
  'git@github.com:org/repo.git ssh://deploy@host.example.com https://user:pass@host.example.com/',
  '@ada and ada@ and @example.com and a@b',
  // No issuer, no check digit, no end
  '4111111111111112 1234567812345678 9999999999999995 0000000000000000',
  '14111111111111111111 a4111111111111111 4111111111111111.50 0.4111111111111111',
  'ean 4006381333931, at 1700000000000 ms, id 1700000000000000, sku 501800000009',
  '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16',
  'GB82WEST12345698765433 XX82WEST12345698765432 GB8212345698765432ABCD GB82WEST123456987654321',
  '000-12-3456 666-12-3456 912-12-3456 123-00-4567 123-45-0000 1-536-22-1234 536-22-1234-9',
  'order 536221234 and 536 22 1234',
  // Numbers
  '2024-01-31 10:30:45, 31.01.2024, 20240131T103045, 2024-01-31T10:30:45.123456Z',
  'uuid 123e4567-e89b-12d3-a456-426614174000 sha 9f86d081884c7d659a2feaa0c55ad015',
  'order 1234567, total 1 234 567.89, $555-010-1234, part AB-555-010-1234, isbn 978-3-16-148410-0',
  'error 12345678 after 100000000 ns; 01 02 03 04 05',
  'call_id 1234567 of phone_id 1234567, called on 2024-01-31 10',
  'hotel 1234567, calls took 34.861158',
  // Versions, names, times
  'v1.2.3.4, version 1.2.3.4, pkg==1.2.3.4, ^1.2.3.4, tool-1.2.3.4.tar.gz, Chrome/120.0.0.0',
  '127.0.0.1 0.0.0.0 255.255.255.0 ::1 :: 256.1.1.1 1.2.3 1.2.3.4.5 1.3.6.1.4.1.311',
  'std::vector abc::def 12:30:45 00:1a:2b:3c:4d:5e dead::beef ::ffff:127.0.0.1',
  'row 1234-5678, message: 1234-5678 is locked',
  'clean text without anything in it',
  '',
];

describe('finding personal data', () => {
  it.each(FOUND)('finds what is marked in %s', (text) => {
    expect(marked(unmarked(text))).toBe(text);
  });

  it.each(CLEAN)('finds nothing in %s', (text) => {
    expect(marked(text)).toBe(text);
  });

  it('takes the name of a field for the words before it', () => {
    expect(marked('5550101234', PII_KINDS, 'mobilePhone')).toBe('«phone:5550101234»');
    expect(marked('536221234', PII_KINDS, 'social_security_number')).toBe('«ssn:536221234»');
    expect(marked('1.2.3.4', PII_KINDS, 'appVersion')).toBe('1.2.3.4');
    expect(marked('1.2.3.4', PII_KINDS, 'v')).toBe('«ip:1.2.3.4»');
    expect(marked('5550101234', PII_KINDS, 'orderId')).toBe('5550101234');
  });

  it('tells only the kinds asked for, and kinds there are not are none', () => {
    const text = 'ada@example.com 203.0.113.7';
    expect(marked(text, ['ip'])).toBe('ada@example.com «ip:203.0.113.7»');
    expect(marked(text, [])).toBe(text);
    expect(marked(text, ['name'])).toBe(text);
  });

  it('does not take a part of one kind for another that was asked for', () => {
    const iban = 'FR76 3000 6000 0112 3456 7890 189';
    expect(marked(iban)).toBe(`«iban:${iban}»`);
    expect(marked(`phone ${iban}`, ['card', 'phone', 'ssn'])).toBe(`phone ${iban}`);
    expect(marked('phone 4111 1111 1111 1111', ['phone'])).toBe('phone 4111 1111 1111 1111');
    expect(marked('5550101234@example.com', ['phone'])).toBe('5550101234@example.com');
  });

  it('still finds a telephone number that looks like another kind when only those were asked for', () => {
    expect(marked('phone: 536-22-1234', ['phone'])).toBe('phone: «phone:536-22-1234»');
    expect(marked('phone: 536-22-1234')).toBe('phone: «ssn:536-22-1234»');
  });

  it('finds addresses of mail whatever numbers stand around them, and whichever kinds are asked for', () => {
    const numbers = [
      'DE89370400440532013000',
      '4111 1111 1111 1111',
      '219-45-1234',
      '2001:db8::1',
      '12345678Z',
    ];
    const addresses = [
      'ada@example.com',
      'ada%40example.com',
      'ada&#64;example.com',
      'ada\\u0040example.com',
    ];
    const sides = fc.array(fc.constantFrom(...numbers, '7', ' '), { maxLength: 4 });
    fc.assert(
      fc.property(sides, fc.constantFrom(...addresses), sides, (before, address, after) => {
        const text = `${before.join(' ')} <${address}> ${after.join(' ')}`;
        const start = text.indexOf(address);
        for (const kinds of [['email'], ['email', 'card', 'iban', 'ssn'], PII_KINDS]) {
          expect(findPersonalData(text, kinds)).toContainEqual({
            kind: 'email',
            start,
            end: start + address.length,
          });
        }
      }),
    );
  });

  it('makes spans in order, within the text and without overlaps, whatever the text', () => {
    const pieces =
      `ada @ .com 4111 1111 - . + ( ) 555 010 1234 536 22 GB82 WEST 12345698765432 : :: 2001 phone
      SSN 203.0.113.7 \\n %40 &#64; ٤ ４ 😀 00 / JG103759A PESEL 44051401359 756.9217.0769.85 X5253868R K`.split(
        /\s+/,
      );
    const piece = fc.constantFrom(...pieces, ' ', '\u00a0');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (picked) => {
        const text = picked.join('');
        let reach = 0;
        for (const { start, end } of findPersonalData(text, PII_KINDS)) {
          expect(start).toBeGreaterThanOrEqual(reach);
          expect(end).toBeGreaterThan(start);
          reach = end;
        }
        expect(reach).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('accepts a card number in every grouping and refuses it with any one digit changed', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 14, maxLength: 14 });
    fc.assert(
      fc.property(digits, fc.nat(15), fc.integer({ min: 1, max: 9 }), (tail, at, by) => {
        const card = withCheckDigit(`4${tail.join('')}`);
        expect(marked(card)).toBe(`«card:${card}»`);
        const grouped = card.replace(/(\d{4})(?=\d)/g, '$1 ');
        expect(marked(grouped)).toBe(`«card:${grouped}»`);
        const changed = card.slice(0, at) + ((Number(card[at]) + by) % 10) + card.slice(at + 1);
        expect(marked(changed, ['card'])).toBe(changed);
      }),
    );
  });
});

function withCheckDigit(payload: string): string {
  const sum = [...payload].toReversed().reduce((total, character, i) => {
    const digit = Number(character) * (i % 2 === 0 ? 2 : 1);
    return total + Math.floor(digit / 10) + (digit % 10);
  }, 0);
  return payload + ((10 - (sum % 10)) % 10);
}
