import { assertNever } from '../errors.ts';
import type { SqlDialect } from '../manifest/manifest.ts';
import type { Capability } from '../model/capability.ts';
import type { Finding } from '../model/finding.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { isUnder, normalisePath } from '../policy/containment.ts';
import { PII_KINDS } from '../policy/rule.ts';
import { scanContentAtOnce } from './content/scan-content.ts';
import { inspectDefinition } from './definition/inspect-definition.ts';
import type { InspectedKind } from './inspected-kind.ts';
import { readPath } from './path.ts';
import { findPersonalData } from './pii/find-personal-data.ts';
import { nationalIdsOf } from './pii/national/find-national-ids.ts';
import type { PersonalData } from './pii/personal-data.ts';
import { nationalFinding, personalFinding } from './pii/personal-finding.ts';
import type { InspectPlatform } from './platform.ts';
import type { Direction } from './prompt/direction.ts';
import { inspectText } from './prompt/inspect-text.ts';
import { score } from './score.ts';
import { findSecrets } from './secret/find-secrets.ts';
import { NO_KNOWN_VALUES } from './secret/known-values.ts';
import { secretFinding } from './secret/secret-finding.ts';
import { readShell } from './shell/read-shell.ts';
import { inspectSql } from './sql/inspect-sql.ts';
import type { Span } from './text/span.ts';
import { readUrl } from './url.ts';
import { inspectShellValue, inspectSqlValue } from './value.ts';
import { threatsIn } from '../threat/threats-in.ts';

/** A finding, with its place in the text where there is one. */
export type PlacedFinding = Finding & { readonly span?: Span };

export interface Judgement {
  /** What a guard at its default thresholds does by itself: see `judge`. */
  readonly verdict: 'allow' | 'block';
  /** From 0 to 100. */
  readonly score: number;
  readonly findings: readonly PlacedFinding[];
  /** The ids of the threats that the findings are, where they have a name (`THREATS`). */
  readonly threats: readonly string[];
}

/** A judgement before its findings have names; `says` is what the input says once its spelling is seen through. */
type Judged = Omit<Judgement, 'threats'> & { readonly says?: string };

export interface JudgementOptions {
  readonly platform: InspectPlatform;
  /** On which way a text is. */
  readonly direction: Direction;
  /** Undefined: any of the known ones. */
  readonly dialect?: SqlDialect | undefined;
}

/**
 * Judges one input by itself. Texts, definitions and arguments are blocked when they score high or critical; texts
 * with a credential or personal data, for that; statements that do anything but read; values that break out of the
 * statement or command that they are put into; commands that the inspector denies or asks about; paths out of the
 * base folder; URLs that do not lead to the public web or carry credentials. What cannot be judged is blocked.
 */
export function judge(kind: InspectedKind, input: JsonValue, options: JudgementOptions): Judgement {
  try {
    const { says = '', ...judged } = judgeInput(kind, input, options);
    const read = typeof input === 'string' ? input : JSON.stringify(input);
    return { ...judged, threats: threatsIn(kind, judged.findings, `${read}\n${says}`).map(({ id }) => id) };
  } catch {
    // SECURITY: an inspector that fails has not found the input harmless.
    const message = 'the inspector failed';
    const failed = judgement([{ id: `${kind}.failed`, at: '', severity: 'high', message }], true);
    return { ...failed, threats: [] };
  }
}

function judgeInput(kind: InspectedKind, input: JsonValue, options: JudgementOptions): Judged {
  if (kind === 'tool')
    return isJsonObject(input) ? byScore(inspectDefinition(input)) : unreadable('an object');
  if (kind === 'call') return isJsonObject(input) ? byScore(contentOf(input)) : unreadable('an object');
  return typeof input === 'string' ? judgeText(kind, input, options) : unreadable('a text');
}

function judgeText(
  kind: Exclude<InspectedKind, 'tool' | 'call'>,
  text: string,
  { platform, direction, dialect }: JudgementOptions,
): Judged {
  switch (kind) {
    case 'prompt':
      return byScore(inspectText(text, { place: '', direction }));
    case 'secret': {
      const findings = findSecrets(text).flatMap((secret): PlacedFinding[] => {
        const finding = secretFinding(secret, '');
        return finding === undefined ? [] : [{ ...finding, span: { start: secret.start, end: secret.end } }];
      });
      return judgement(findings, findings.length > 0);
    }
    case 'pii': {
      const findings = personalIn(text);
      return judgement(findings, findings.length > 0);
    }
    case 'pii-number': {
      const findings = personalIn(text).filter(({ span }) => text[(span?.start ?? 0) - 1] !== '.');
      const ids = nationalIdsOf(text);
      if (ids.length === 0) return judgement(findings, findings.length > 0);
      const whole = { ...nationalFinding(ids, ''), span: { start: 0, end: text.length } };
      return judgement([...findings.filter(({ id }) => id !== whole.id), whole], true);
    }
    case 'sql':
      return judgeSql(text, dialect, platform);
    case 'shell': {
      const { findings: own, capabilities = [], urls, commands } = readShell(text, platform.shell);
      // An address inside is everyday work of a command; one that hands out credentials is not.
      const findings = [
        ...own,
        ...urls.flatMap((url) => readUrl(url, platform).findings.filter(({ id }) => id === 'url.metadata')),
      ];
      const says = commands.map(({ program, args = '' }) => `${program} ${args}`).join('\n');
      return { ...judgement(placed(findings), denies(findings), capabilities), says };
    }
    case 'sql-value':
      return byDenial(inspectSqlValue(text));
    case 'shell-value':
      return byDenial(inspectShellValue(text, platform));
    case 'path': {
      const { facts, findings } = readPath(text, platform);
      const base = normalisePath(platform.baseDir) ?? '/';
      const outside = facts.some(({ real }) => !isUnder(real, base));
      return judgement(placed(findings), denies(findings) || outside);
    }
    case 'url': {
      const { fact, findings } = readUrl(text, platform);
      const foreign = findings.some(({ id }) => id === 'url.scheme' || id === 'url.credentials');
      return judgement(placed(findings), denies(findings) || foreign || fact?.internal !== false);
    }
    default:
      return assertNever(kind);
  }
}

function placedPersonal(data: PersonalData): PlacedFinding {
  return { ...personalFinding(data, ''), span: { start: data.start, end: data.end } };
}

function personalIn(text: string): readonly PlacedFinding[] {
  return findPersonalData(text, PII_KINDS).map(placedPersonal);
}

const DIALECTS: readonly SqlDialect[] = ['postgresql', 'sqlite', 'mysql'];

/** A text of an unknown dialect is read in each; the mildest reading counts, since a server has one of its own. */
function judgeSql(text: string, dialect: SqlDialect | undefined, platform: InspectPlatform): Judged {
  let mildest: Judged | undefined;
  for (const candidate of dialect === undefined ? DIALECTS : [dialect]) {
    const { findings, capabilities } = inspectSql(text, candidate, platform.sql, []);
    const reads = capabilities?.every((capability) => capability === 'db.read') === true;
    const read = judgement(placed(findings), denies(findings) || !reads, capabilities ?? []);
    // A comment that one server runs is none that anybody needs elsewhere.
    if (findings.some(({ id }) => id === 'sql.executable_comment')) return read;
    if (mildest === undefined || (mildest.verdict === 'block' && read.verdict === 'allow')) mildest = read;
    // Who reads more in it than a read may be right.
    if (!reads && capabilities !== undefined && !denies(findings)) return read;
  }
  return mildest ?? unreadable('a text');
}

function contentOf(args: JsonObject): readonly Finding[] {
  return scanContentAtOnce(args, { direction: 'request', text: true, secrets: true, known: NO_KNOWN_VALUES });
}

function placed(findings: readonly Omit<Finding, 'at'>[]): readonly PlacedFinding[] {
  return findings.map((finding) => ({ ...finding, at: '' }));
}

function denies(findings: readonly Omit<Finding, 'at'>[]): boolean {
  return findings.some((finding) => finding.denies !== undefined);
}

function byDenial(findings: readonly Omit<Finding, 'at'>[]): Judged {
  return judgement(placed(findings), denies(findings));
}

function byScore(findings: readonly PlacedFinding[]): Judged {
  const { value, band } = score({ findings, capabilities: [], tainted: false, denied: 0 });
  return { verdict: band === 'high' || band === 'critical' ? 'block' : 'allow', score: value, findings };
}

function judgement(
  findings: readonly PlacedFinding[],
  blocked: boolean,
  capabilities: readonly Capability[] = [],
): Judged {
  const { value } = score({ findings, capabilities, tainted: false, denied: 0 });
  return { verdict: blocked ? 'block' : 'allow', score: value, findings };
}

function unreadable(wanted: string): Judged {
  const message = `the input is not ${wanted}`;
  return judgement([{ id: 'input.unreadable', at: '', severity: 'high', message }], true);
}
