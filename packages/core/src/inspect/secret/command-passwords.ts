import { drawnness } from './drawn.ts';
import { entropyOf } from './entropy.ts';
import { isFiller, isReference } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import { LOGIN_COMMANDS, type LoginForm } from './login-commands.ts';
import type { Secret } from './secret.ts';

/**
 * Passwords on command lines, in password files and as words to write down: `mysql -p...`, `sshpass -p ...`, lines of
 * `.pgpass`, phrases of BIP 39. Takes time linear in the text.
 */
export function findCommandPasswords(text: string, pairs: LetterPairs, lower: string): readonly Secret[] {
  const found: Secret[] = [];
  const forms = FORMS.filter(({ word }) => mayHold(pairs, word));
  const held = new Map<string, boolean>();
  for (const { word, pattern, drawn = 0, plain } of forms) {
    // What begins with a blank is looked for without it first, which is quicker.
    const holds = held.get(word) ?? (lower.includes(word.trimStart()) && lower.includes(word));
    held.set(word, holds);
    if (!holds) continue;
    for (const match of text.matchAll(pattern)) {
      const [whole, value = ''] = match;
      if (isReference(value) || (plain !== true && !isMixed(value)) || entropyOf(value) < LEAST_ENTROPY)
        continue;
      if (drawn > 0 && (DIGEST_OR_PATH.test(value) || drawnness(value) < drawn)) continue;
      const end = match.index + whole.length;
      const example = isFiller(value);
      found.push({ kind: 'command_password', start: end - value.length, end, certainty: 'named', example });
    }
  }
  if (!PHRASE_WORDS.some((word) => mayHold(pairs, word) && lower.includes(word))) return found;
  for (const match of text.matchAll(PHRASE)) {
    const [whole, words = ''] = match;
    const end = match.index + whole.length;
    found.push({ kind: 'seed_phrase', start: end - words.length, end, certainty: 'named', example: false });
  }
  return found;
}

/** Whether a value is no word. */
function isMixed(value: string): boolean {
  return /\d/.test(value) || /[a-z][A-Z]{1,4}[a-z]/.test(value);
}

const LEAST_ENTROPY = 2.5;

// Linear: fixed words, bounded gaps that hold no line break, one class with nothing after it.
const PASSWORDS: readonly LoginForm[] = [
  {
    word: ' -p',
    pattern:
      /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,120}? -p["']?([^\s"'|;&<>]{6,80})/g,
  },
  { word: 'sshpass', pattern: /\bsshpass -p ?["']?([^\s"'|;&<>]{6,80})/g },
  { word: 'redis-cli', pattern: /\bredis-cli\b[^\n|;&]{0,80}? -a ["']?([^\s"'|;&<>]{6,80})/g },
  {
    word: 'ldap',
    pattern: /\bldap(?:search|modify|add|whoami)\b[^\n|;&]{0,160}? -w ["']?([^\s"'|;&<>]{6,80})/g,
  },
  {
    word: 'login',
    pattern:
      /\b(?:docker|podman|helm registry|az acr) login\b[^\n|;&]{0,120}? (?:-p|--password)[ =]["']?([^\s"'|;&<>]{6,120})/g,
  },
  { word: 'zip', pattern: /\b(?:unzip|zip)\b[^\n|;&]{0,80}? -P ["']?([^\s"'|;&<>]{6,80})/g },
  { word: 'pass:', pattern: /-pass(?:in|out|word)? pass:([^\s"'|;&<>]{6,80})/g },
  { word: 'psexec', pattern: /\bpsexec\w{0,6}\b[^\n|;&]{0,120}? -p ?["']?([^\s"'|;&<>]{5,80})/gi },
  {
    word: '-password',
    pattern: /\bConnect-\w{2,24}\b[^\n|;&]{0,160}? -Password ["']?([^\s"'|;&<>]{5,80})/gi,
  },
  { word: '/user:', pattern: /\bnet use\b[^\n|&]{0,120}? \/user:\S{1,60} ([^\s"'|;&<>/]{5,80})/gi },
  {
    word: '%',
    pattern:
      /\b(?:smbclient|rpcclient|winexe|smbmap|pth-\w{3,10})\b[^\n|;&]{0,120}? -U ?["']?[\w.\\/-]{1,60}%([^\s"'|;&<>]{5,80})/g,
  },
  {
    word: 'proceed to installation',
    pattern: /\bpassword to proceed to installation:\s{1,8}([a-f0-9]{32})\b/g,
  },
  { word: 'assword', pattern: /\bpassword[ \t]{1,4}["']([^\s"']{5,80})(?=["'])/gi },
  {
    word: 'assword for',
    pattern:
      /\bpassword for (?:the )?user(?:name)? ["'`]?[^\s"'`]{1,80}["'`]? is ["'`]?([^\s"'`]{5,80})(?=["'`\s.]|$)/gi,
  },
  {
    word: ':',
    // The host before it is of any form.
    pattern: /(?<=\w):(?:\d{2,5}|\*):[\w*-]{1,60}:[\w.*-]{1,60}:([^\s"':@/]{8,80})(?![^\s"'`,)])/g,
  },
];
const FORMS: readonly LoginForm[] = [...PASSWORDS, ...LOGIN_COMMANDS];
/** A part of a commit, a file, a port. */
const DIGEST_OR_PATH = /^[a-f0-9]{1,31}$|^[\d:.]+$|[/\\(){}[\]]|\.\.|\.\w{1,5}$/;
/** One of which stands in every name of such a phrase. */
const PHRASE_WORDS = ['mnemonic', 'phrase', 'words'];
/** Twelve words and more behind a name that says what they are (BIP 39 has words of three to eight letters). */
const PHRASE =
  /\b(?:mnemonic|(?:seed|recovery|backup|wallet)[\s_-]?(?:phrase|words))\b[\s"'=:]{1,6}((?:[a-z]{3,8} ){11,23}[a-z]{3,8})\b/gi;
