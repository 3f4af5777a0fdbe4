/** Patterns of one file that the check cannot prove linear, and why they do no harm. */
interface Unproven {
  /** How many of them there are at most. */
  readonly patterns: number;
  /** What they read, and how long it is at most: the square of it is what they can cost. */
  readonly reads: string;
}

/** Folders whose patterns read what the operator wrote, or the command line. */
export const OF_THE_OPERATOR =
  /^packages\/(?:aegis\/src\/(?:config|clients|cli|doctor|source|approvals|store|daemon)|sdk\/src|rego\/src|dashboard\/src)\//;

const COMMAND = 'a command of at most 64 KiB, of which a word is a small part';
const VALUE = 'the classes of a value of at most 8 KiB';
const SECRET = 'one value of at most 512 characters';
const URL = 'a URL of at most 8 KiB';
const SOURCE = 'one line or name of a scanned file';

export const UNPROVEN: Readonly<Record<string, Unproven>> = {
  'packages/core/src/inspect/address.ts': { patterns: 1, reads: URL },
  'packages/core/src/inspect/pii/ip-address.ts': { patterns: 1, reads: 'an address' },
  'packages/core/src/inspect/prompt/invisible.ts': {
    patterns: 1,
    reads: 'bounded repetitions, and one number again',
  },
  'packages/core/src/inspect/secret/example-value.ts': { patterns: 1, reads: SECRET },
  'packages/core/src/inspect/secret/near-name.ts': { patterns: 1, reads: SECRET },
  'packages/core/src/inspect/secret/private-key.ts': { patterns: 1, reads: SECRET },
  'packages/core/src/inspect/secret/worded.ts': { patterns: 1, reads: SECRET },
  'packages/core/src/inspect/shell/code-patterns.ts': { patterns: 3, reads: COMMAND },
  'packages/core/src/inspect/shell/code.ts': { patterns: 4, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/data.ts': { patterns: 1, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/escapes.ts': { patterns: 5, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/files.ts': { patterns: 4, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/interpreters.ts': { patterns: 3, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/network.ts': { patterns: 1, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/sessions.ts': { patterns: 1, reads: COMMAND },
  'packages/core/src/inspect/shell/commands/system.ts': { patterns: 3, reads: COMMAND },
  'packages/core/src/inspect/sql/scope.ts': { patterns: 1, reads: 'a constant of a statement' },
  'packages/core/src/inspect/sql/value/break-out.ts': { patterns: 6, reads: VALUE },
  'packages/core/src/inspect/sql/value/words.ts': { patterns: 1, reads: VALUE },
  'packages/core/src/inspect/text/decode/binary.ts': {
    patterns: 1,
    reads: 'runs of numbers, whose digits are bounded',
  },
  'packages/core/src/inspect/text/decode/hex.ts': {
    patterns: 1,
    reads: 'digits in twos, which `0x` leaves at the second',
  },
  'packages/core/src/inspect/url-readings.ts': { patterns: 2, reads: URL },
  'packages/core/src/inspect/url.ts': { patterns: 2, reads: URL },
  'packages/core/src/scan/code/python.ts': { patterns: 1, reads: SOURCE },
  'packages/core/src/scan/rules/packages.ts': { patterns: 2, reads: SOURCE },
  'packages/core/src/scan/rules/skill.ts': { patterns: 1, reads: SOURCE },
};

/** Files that build patterns at run time, of fixed words or of one text that they escape. */
export const CONSTRUCTED: ReadonlySet<string> = new Set([
  'packages/aegis/src/gateway/redact.ts',
  'packages/core/src/inspect/pii/calling-code.ts',
  'packages/core/src/inspect/pii/fold-characters.ts',
  'packages/core/src/inspect/pii/ip-address.ts',
  'packages/core/src/inspect/pii/national/find-national-ids.ts',
  'packages/core/src/inspect/pii/national/national-ids.ts',
  'packages/core/src/inspect/pii/national/north-america.ts',
  'packages/core/src/inspect/pii/phone-words.ts',
  'packages/core/src/inspect/prompt/addresses.ts',
  'packages/core/src/inspect/secret/marked-pattern.ts',
  'packages/core/src/inspect/shell/code-patterns.ts',
  'packages/core/src/inspect/shell/commands/shell-starts.ts',
  'packages/core/src/inspect/shell/commands/system.ts',
  'packages/core/src/inspect/shell/place.ts',
  'packages/core/src/inspect/sql/value/break-out.ts',
  'packages/core/src/inspect/sql/value/words.ts',
  'packages/core/src/inspect/text/decode/entities.ts',
  'packages/core/src/inspect/text/decode/escapes.ts',
]);
