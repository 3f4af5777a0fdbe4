/** One check of the suite, as its `checks.json` says it. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** The checks of each scenario. */
export type Outcome = ReadonlyMap<string, readonly Check[]>;

export type Status = Check['status'] | 'ABSENT';

/** A check that came out differently. */
export interface Difference {
  readonly id: string;
  /** The name of the check, with its number where several share id and name. */
  readonly check: string;
  readonly direct: Status;
  readonly through: Status;
  /** What the suite says about it. */
  readonly message: string;
}

export interface Comparison {
  readonly scenario: string;
  readonly direct: Count;
  readonly through: Count;
  /** What passes directly and does not pass through, or goes wrong only through. */
  readonly lost: readonly Difference[];
  /** Other differences: of checks that do not pass directly either. */
  readonly other: readonly Difference[];
}

export interface Count {
  readonly passed: number;
  /** Checks that could have passed: those that were skipped or only observe are left out. */
  readonly of: number;
}

/** Compares check by check, in the order of the direct run. A scenario that only one run has counts as empty in the other. */
export function compare(direct: Outcome, through: Outcome): readonly Comparison[] {
  const scenarios = new Set([...direct.keys(), ...through.keys()]);
  return [...scenarios].map((scenario) => {
    const before = direct.get(scenario) ?? [];
    const after = through.get(scenario) ?? [];
    const differences = differencesOf(keyed(before), keyed(after));
    return {
      scenario,
      direct: count(before),
      through: count(after),
      lost: differences.filter(isLoss),
      other: differences.filter((difference) => !isLoss(difference)),
    };
  });
}

function isLoss({ direct, through }: Difference): boolean {
  if (direct === 'SUCCESS') return true;
  return direct === 'ABSENT' && (through === 'FAILURE' || through === 'WARNING');
}

function differencesOf(direct: Keyed, through: Keyed): readonly Difference[] {
  return [...new Set([...direct.keys(), ...through.keys()])].flatMap((key): readonly Difference[] => {
    const before = direct.get(key);
    const after = through.get(key);
    const found = before ?? after;
    const statuses = { direct: before?.status ?? 'ABSENT', through: after?.status ?? 'ABSENT' } as const;
    if (found === undefined || statuses.direct === statuses.through) return [];
    if (isRemark(statuses.direct) && isRemark(statuses.through)) return [];
    return [{ id: found.id, check: found.label, ...statuses, message: after?.errorMessage ?? '' }];
  });
}

/** What the suite only notes down along the way: requests sent, events seen. */
function isRemark(status: Status): boolean {
  return status === 'INFO' || status === 'ABSENT';
}

type Keyed = ReadonlyMap<string, Check & { readonly label: string }>;

/** Checks share ids and names: the third of a kind is compared with the third. */
function keyed(checks: readonly Check[]): Keyed {
  const seen = new Map<string, number>();
  return new Map(
    checks.map((check) => {
      const kind = `${check.id} ${check.name}`;
      const ordinal = (seen.get(kind) ?? 0) + 1;
      seen.set(kind, ordinal);
      const label = ordinal === 1 ? check.name : `${check.name} #${ordinal}`;
      return [`${kind} ${ordinal}`, { ...check, label }];
    }),
  );
}

function count(checks: readonly Check[]): Count {
  const judged = checks.filter(({ status }) => status !== 'INFO' && status !== 'SKIPPED');
  return { passed: judged.filter(({ status }) => status === 'SUCCESS').length, of: judged.length };
}
