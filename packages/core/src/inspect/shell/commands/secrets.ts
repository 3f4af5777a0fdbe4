import { foundDenying, foundNoted } from '../effects.ts';
import { type Stream, unknownStream } from '../field.ts';
import { lineOf } from '../options.ts';
import type { Judge } from '../reader.ts';
import { judgePlain } from './plain.ts';
import { managed } from './wrappers.ts';

/** Calls that print a secret, by program: the words that must come, in order, options apart. */
const PRINTS: Readonly<Record<string, readonly RegExp[]>> = {
  aws: [
    /^configure (?:get|export-credentials)/,
    /^secretsmanager get-secret-value/,
    /^ssm get-parameters?.* --with-decryption/,
    /^sts (?:get-session-token|assume-role)/,
  ],
  gcloud: [/^auth (?:application-default )?print-(?:access|identity)-token/, /^secrets versions access/],
  az: [/^account get-access-token/, /^keyvault secret (?:show|download)/],
  gh: [/^auth token/, /^auth status.* (?:-t|--show-token)/],
  kubectl: [/^get secrets?\b.* (?:-o|--output)(?![= ]?(?:name|wide)\b)/, /^config view.* --raw/],
  vault: [/^kv get/, /^read /, /^token lookup/],
  op: [/^read /, /^item get/, /^document get/],
  pass: [/^show/, /^(?!insert|generate|init|git|ls|find|rm|mv|cp|edit|help|version|-)\S+$/],
  bw: [/^get (?:password|item|notes|totp)/],
  doppler: [/^secrets (?:download|get)/],
  heroku: [/^config/],
  security: [/^find-(?:generic|internet)-password/, /^dump-keychain/, /^export/],
  'secret-tool': [/^lookup/, /^search/],
  gpg: [/--export-secret-(?:sub)?keys/],
  gpg2: [/--export-secret-(?:sub)?keys/],
  docker: [/^secret inspect/],
  'ec2-metadata': [/^$|(?:^| )(?:-u|-a|--all|--user-data)\b/],
  ec2metadata: [/^$|--user-data/],
  'cloud-init': [
    /^query\b(?!.{0,4096} --list-keys).{0,4096}(?:--all|-a\b|userdata|vendordata|ds\b|combined)/,
  ],
  nmcli: [/(?:^| )(?:-s|--show-secrets)\b/],
  debugfs: [/\b(?:cat|r?dump)\b/],
  unshadow: [/./],
  mimipenguin: [/^/],
  npm: [/^token list/, /^config get .*(?:auth|token|password)/i],
};

/** A program that keeps secrets; anything else it does is that of any program. */
export const readsSecret = (name: string, args: readonly { readonly text: string }[]): boolean => {
  if (PRINTS[name] === undefined) return false;
  const line = lineOf(args);
  return (PRINTS[name] ?? []).some((pattern) => pattern.test(line));
};

/** Calls that turn the record of what happens in a cloud off, or delete it. */
const STOPS_RECORD =
  /^(?:cloudtrail (?:delete-trail|stop-logging|update-trail|put-event-selectors)|guardduty (?:delete-detector|update-detector.*--no-enable)|logs delete-log-|ec2 delete-flow-logs|configservice (?:delete|stop)-|logging (?:sinks|logs) delete|monitor diagnostic-settings delete)/;

/** A key that is gone opens nothing any more. */
const DELETES_KEY = /--delete-secret-(?:and-public-)?keys?\b/;

const KEEPS_NEW = /^create-keychain/;

const keeper: Judge = (call) => {
  if (call.name === 'npm' && /^(?:exec|x)$/.test(call.args[0]?.text ?? '')) return managed(call);
  if (STOPS_RECORD.test(lineOf(call.args))) {
    foundDenying(call.reader.effects, 'shell.evasion', 'stops or deletes the record of a cloud');
  }
  if (DELETES_KEY.test(lineOf(call.args))) {
    foundDenying(call.reader.effects, 'shell.destructive', 'deletes a private key');
  }
  if (KEEPS_NEW.test(lineOf(call.args))) return unknownStream('program');
  if (!readsSecret(call.name, call.args)) return judgePlain(call);
  foundDenying(call.reader.effects, 'shell.credential_read', 'prints a stored secret');
  return secret();
};

const secret = (): Stream => unknownStream('secret', 'program');

/** Reads the keys that are pressed, the clipboard or what is on the wire. */
const listens: Judge = (call) => {
  foundNoted(call.reader.effects, 'shell.environment', 'reads what the user copies');
  return unknownStream('program');
};

export const SECRETS: Readonly<Record<string, Judge>> = {
  ...Object.fromEntries(
    Object.keys(PRINTS)
      .filter((name) => name !== 'docker' && name !== 'kubectl')
      .map((name) => [name, keeper]),
  ),
  pbpaste: listens,
  xclip: listens,
  xsel: listens,
  'wl-paste': listens,
};
