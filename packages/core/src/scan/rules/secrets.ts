import { findSecrets } from '../../inspect/secret/find-secrets.ts';
import { isPunctuator } from '../code/stream.ts';
import { tokensOf } from '../code/code.ts';
import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { UPLOADS } from './known-calls.ts';
import { heldTexts } from './strings.ts';

const GENERATED =
  /(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|poetry\.lock|uv\.lock|go\.sum|cargo\.lock)$/i;

export const hardCodedSecret: ScanRule = {
  id: 'secret.hard_coded',
  severity: 'high',
  title: 'a credential in the sources',
  why: 'Everybody who has the file has the credential, and it stays in every copy. Withdraw it, and read it from where the host keeps it.',
  find: (source) => (GENERATED.test(source.file) ? [] : secretsIn(source)),
};

function secretsIn({ text, role, code }: Source): readonly Hit[] {
  const hits: Hit[] = [];
  let names: ReadonlySet<number> | undefined;
  for (const { example, certainty, kind, start, end } of findSecrets(text)) {
    // What only its name makes a credential is a sample in a document.
    if (example || certainty === 'likely' || (certainty === 'named' && role !== 'program' && role !== 'data'))
      continue;
    names ??= namesAt(code);
    if (names.has(start)) continue;
    const severity = certainty === 'named' ? 'medium' : 'high';
    const what = certainty === 'named' ? 'what its name calls a credential' : `a credential (${kind})`;
    hits.push({ start, end, message: `holds ${what}`, severity });
  }
  return hits;
}

/** Where the names of a program begin: a name is no value, however it looks (`s.ListPromptsRequestSchema`). */
function namesAt(code: Source['code']): ReadonlySet<number> {
  const starts = new Set<number>();
  if (code === undefined) return starts;
  for (const { kind, start } of tokensOf(code)) if (kind === 'name') starts.add(start);
  return starts;
}

// Linear: fixed words.
const CREDENTIAL_FILES =
  /(?:^|[/\\~"'\s=])(?:\.ssh[/\\](?:id_[a-z0-9]{2,12}|authorized_keys|config)|\.ssh(?=["'/\s]|$)|\.aws[/\\](?:credentials|config)|\.azure[/\\]|\.config[/\\]gcloud|application_default_credentials|\.kube[/\\]config|\.docker[/\\]config\.json|\.netrc|\.npmrc|\.pypirc|\.git-credentials|\.gnupg|\.password-store|\.bash_history|\.zsh_history|login\.keychain|Login Data|key4\.db|logins\.json|Local State|wallet\.dat|\.electrum|\.config[/\\]solana|keystore[/\\]UTC|claude_desktop_config\.json|\.claude\.json|\.cursor[/\\]mcp\.json|etc[/\\]shadow|\.vault-token)(?![\w-])/;

/** Places of credentials that a source names, outside of lists of what must not be read. */
function credentialPlaces(source: Source): readonly Hit[] {
  if (source.role !== 'program' || source.code === undefined) return [];
  return heldTexts(source).flatMap(({ start, end, text }): readonly Hit[] => {
    if (text.length > 400 || !CREDENTIAL_FILES.test(text)) return [];
    return [{ start, end, message: 'names a file with credentials of the user', capability: 'secret.read' }];
  });
}

export const credentialFile: ScanRule = {
  id: 'secret.credential_file',
  severity: 'medium',
  title: 'a file with credentials of the user',
  why: 'Keys and tokens that other programs keep there are none of its business. A list of files that must not be read looks the same: see what the program does with it.',
  find: credentialPlaces,
};

export const environmentDump: ScanRule = {
  id: 'secret.environment_dump',
  severity: 'medium',
  title: 'the whole environment is taken',
  why: 'The environment holds the credentials of everything that was started from the same shell. Read the variables that are needed, by name.',
  find: environmentDumps,
};

const ENVIRONMENTS = /^(?:process\.env|os\.environ|import\.meta\.env)$/;
const DUMPERS =
  /^(?:JSON\.stringify|json\.dumps|Object\.(?:entries|keys|values)|dict|str|repr|os\.environ\.(?:items|copy|values))$/;
/** Go gives the whole environment with one call; JavaScript and Python need two. */
function environmentDumps({ code }: Source): readonly Hit[] {
  return (code?.calls ?? []).flatMap(({ name, args, start, end }): readonly Hit[] => {
    const [first = []] = args;
    const words = first.map(({ text }) => text).join('');
    const whole =
      ENVIRONMENTS.test(words) || /\{\.{3}process\.env\}?/.test(words) || /^dict\(os\.environ\)$/.test(words);
    const taken = name.startsWith('os.environ.') || whole;
    if (!DUMPERS.test(name) || !taken) return [];
    return [{ start, end, message: `\`${name}\` takes the whole environment`, capability: 'secret.read' }];
  });
}

export const exfiltration: ScanRule = {
  id: 'secret.exfiltration',
  severity: 'critical',
  title: 'credentials are read and something is sent, in one file',
  why: 'Reading keys of the user, or the whole environment, next to a call that sends to another host is what theft looks like. Read the file before anything else.',
  find: (source) => {
    const { code } = source;
    if (code === undefined) return [];
    const send = code.calls.find(({ name }) => UPLOADS.has(name));
    const taken = [...credentialPlaces(source), ...environmentDumps(source)];
    if (send === undefined || taken.length === 0 || !readsFiles(source, taken)) return [];
    return taken.map(({ start, end }) => ({
      start,
      end,
      message: `takes credentials, and \`${send.name}\` sends something in the same file`,
      capability: 'net.egress',
    }));
  },
};

/** A place that is only compared, as in a list of what is refused, is not read. */
function readsFiles({ code }: Source, taken: readonly Hit[]): boolean {
  if (code === undefined) return false;
  if (taken.some(({ message }) => message.includes('environment'))) return true;
  const reads =
    /(?:^|\.)(?:readFile|readFileSync|createReadStream|open|read_text|read_bytes|ReadFile|Open|copyFile|expanduser)$/;
  const guards = /(?:^|_)(?:deny|denied|blocked|blocklist|forbidden|sensitive|protected|excluded?|ignored?)/i;
  const named = [...tokensOf(code)].some(
    (token, index, all) =>
      token.kind === 'name' && guards.test(token.text) && isPunctuator(all[index + 1], '=', ':', '('),
  );
  return !named && code.calls.some(({ name }) => reads.test(name));
}
