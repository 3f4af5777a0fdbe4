/** What a check found: well, worth knowing, or broken, each with what to do about it. */
export type Finding =
  | { readonly kind: 'ok'; readonly detail: string }
  | { readonly kind: 'warning' | 'problem'; readonly detail: string; readonly help: string };

/** One thing that must hold for Aegis to work, or to be safe. */
export interface Check {
  readonly name: string;
  run(): Promise<Finding>;
}

export function ok(detail: string): Finding {
  return { kind: 'ok', detail };
}

export function warning(detail: string, help: string): Finding {
  return { kind: 'warning', detail, help };
}

export function problem(detail: string, help: string): Finding {
  return { kind: 'problem', detail, help };
}

/** Runs checks one after the other. One that throws is a problem, and the others still run. */
export async function* examine(
  checks: readonly Check[],
  helpOf: (error: unknown) => string,
): AsyncGenerator<{ readonly name: string; readonly finding: Finding }> {
  for (const check of checks) {
    let finding: Finding;
    try {
      finding = await check.run();
    } catch (error) {
      finding = problem(error instanceof Error ? error.message : String(error), helpOf(error));
    }
    yield { name: check.name, finding };
  }
}
