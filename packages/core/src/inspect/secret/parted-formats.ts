import type { TokenFormat } from './token-format.ts';

/** Tokens behind a common word, with an end or parts that tell them from names. */
export const PARTED_FORMATS: readonly TokenFormat[] = [
  {
    kind: 'boundary.token',
    prefixes: ['at_'],
    alphabet: 'word',
    least: 60,
    most: 300,
    shape: /^[A-Za-z0-9]{10}_s1[A-Za-z0-9]{48,}$/,
  },
  {
    kind: 'litellm.key',
    prefixes: ['sk-'],
    alphabet: 'dashed',
    least: 22,
    most: 22,
    shape: /^(?=.{0,21}\d)(?=.{0,21}[A-Z])(?=.{0,21}[a-z])/,
    entropy: 3.6,
  },
  {
    kind: 'gemini.key',
    prefixes: ['account-', 'master-'],
    alphabet: 'alnum',
    least: 20,
    most: 20,
    shape: /^(?=.{0,19}\d)(?=.{0,19}[A-Z])(?=.{0,19}[a-z])/,
    entropy: 3.6,
  },
  // What is of no capitals is a digest: `secret-<SHA-256>`.
  {
    kind: 'openai.session',
    prefixes: ['sess-'],
    alphabet: 'alnum',
    least: 40,
    most: 40,
    shape: /^(?=.{0,39}[A-Z])(?=.{0,39}[a-z])/,
  },
  {
    kind: 'soracom.secret',
    prefixes: ['secret-'],
    alphabet: 'alnum',
    least: 64,
    most: 64,
    shape: /^(?=.{0,63}[A-Z])(?=.{0,63}[a-z])/,
  },
  {
    kind: 'imagekit.key',
    prefixes: ['private_'],
    alphabet: 'base64',
    least: 28,
    most: 28,
    shape: /^[A-Za-z0-9+/]{27}=$/,
  },
  {
    kind: 'metabase.key',
    prefixes: ['mb_'],
    alphabet: 'base64',
    least: 44,
    most: 44,
    shape: /^[A-Za-z0-9+/]{43}=$/,
  },
];
