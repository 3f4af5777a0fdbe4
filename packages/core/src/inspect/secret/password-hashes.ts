import type { MarkedPattern } from './marked-pattern.ts';

const HASHES: readonly Omit<MarkedPattern, 'kind'>[] = [
  { mark: '$2', pattern: /\$2[abxy]\$\d{1,4}\$[./A-Za-z0-9]{53}(?![./A-Za-z0-9])/g },
  {
    mark: '$',
    pattern:
      /\$(?:1|5|6|y|apr1)\$(?:rounds=\d{1,9}\$|[./\w]{1,8}\$(?=[./\w]{8,22}\$))?[./\w]{2,22}\$[./A-Za-z0-9]{22,86}(?![./A-Za-z0-9])/g,
  },
  {
    mark: '$argon2',
    pattern: /\$argon2(?:id|i|d)\$v=\d{1,3}\$m=\d{1,9},t=\d{1,4},p=\d{1,3}\$[\w+/]{8,64}\$[\w+/]{16,128}/g,
  },
  { mark: 'pbkdf2_', pattern: /pbkdf2_sha(?:1|256|512)\$\d{1,8}\$[\w+/]{6,40}\$[\w+/]{20,100}={0,2}/g },
  { mark: '$scrypt', pattern: /\$scrypt\$ln=\d{1,2},r=\d{1,3},p=\d{1,3}\$[\w+/]{8,64}\$[\w+/]{16,128}/g },
  { mark: '{ss', pattern: /\{SSHA(?:256|384|512)?\}[\w+/]{32,140}={0,2}/g },
  // Cisco IOS, types 8 and 9.
  { mark: '$', pattern: /\$[89]\$[./A-Za-z0-9]{8,20}\$[./A-Za-z0-9]{43}(?![./A-Za-z0-9])/g },
  {
    mark: '$krb5',
    pattern: /\$krb5(?:tgs|asrep|pa)\$\d{2}\$(?:[^\s$]{1,120}\$){1,3}[a-f0-9]{64,4000}/gi,
  },
  // A line of a dump of Windows accounts: a number, the LM digest and the NT digest.
  { mark: ':::', pattern: /(?<=:\d{3,7}:)[a-f0-9]{32}:[a-f0-9]{32}(?=:::)/gi },
];

/** Passwords as systems keep them: whoever has one may guess at leisure. */
export const PASSWORD_HASHES: readonly MarkedPattern[] = HASHES.map(({ mark, pattern }) => ({
  kind: 'password_hash',
  mark,
  pattern,
}));
