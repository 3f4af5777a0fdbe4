import { entropyOf } from './entropy.ts';
import { isFiller, isReference } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';

interface Form {
  /** Without it in the text, in whatever case, there is nothing to look for; in lower case. */
  readonly word: string;
  readonly pattern: RegExp;
}

/**
 * Passwords on command lines, in password files and as words to write down: `mysql -p...`, `sshpass -p ...`, lines of
 * `.pgpass`, phrases of BIP 39. Takes time linear in the text.
 */
export function findCommandPasswords(text: string, pairs: LetterPairs): readonly Secret[] {
  const found: Secret[] = [];
  const forms = PASSWORDS.filter(({ word }) => mayHold(pairs, word));
  const lower = forms.length === 0 ? '' : text.toLowerCase();
  for (const { word, pattern } of forms) {
    if (!lower.includes(word)) continue;
    for (const match of text.matchAll(pattern)) {
      const [whole, value = ''] = match;
      if (isReference(value) || !isMixed(value) || entropyOf(value) < LEAST_ENTROPY) continue;
      const end = match.index + whole.length;
      const example = isFiller(value);
      found.push({ kind: 'command_password', start: end - value.length, end, certainty: 'named', example });
    }
  }
  if (!PHRASE_WORDS.some((word) => mayHold(pairs, word))) return found;
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
const PASSWORDS: readonly Form[] = [
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
    word: ' login',
    pattern:
      /\b(?:docker|podman|helm registry|az acr) login\b[^\n|;&]{0,120}? (?:-p|--password)[ =]["']?([^\s"'|;&<>]{6,120})/g,
  },
  { word: 'zip', pattern: /\b(?:unzip|zip)\b[^\n|;&]{0,80}? -P ["']?([^\s"'|;&<>]{6,80})/g },
  { word: ' pass:', pattern: /-pass(?:in|out|word)? pass:([^\s"'|;&<>]{6,80})/g },
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
    word: '-asplaintext',
    pattern: /\bConvertTo-SecureString (?:-String )?["']([^\s"']{5,80})["'] [^\n]{0,40}-AsPlainText/gi,
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
/** One of which stands in every name of such a phrase. */
const PHRASE_WORDS = ['mnemonic', 'phrase', 'words'];
/** Twelve words and more behind a name that says what they are (BIP 39 has words of three to eight letters). */
const PHRASE =
  /\b(?:mnemonic|(?:seed|recovery|backup|wallet)[\s_-]?(?:phrase|words))\b[\s"'=:]{1,6}((?:[a-z]{3,8} ){11,23}[a-z]{3,8})\b/gi;
