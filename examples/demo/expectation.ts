import type { Connection } from './connection.ts';
import type { Reply } from './reply.ts';
import type { World } from './world.ts';

/** What there is to judge a step by, once it is done. */
export interface Seen {
  /** Undefined when the step called nothing. */
  readonly reply: Reply | undefined;
  readonly connection: Connection;
  readonly world: World;
}

export interface Finding {
  readonly holds: boolean;
  /** What happened, one line each. */
  readonly says: readonly string[];
}

/** One thing that is so or is not, in words for both. */
export function found(holds: boolean, yes: string, no: string): Finding {
  return { holds, says: [holds ? yes : no] };
}

/** What a step should lead to, and how that is found out. */
export interface Expectation {
  /** In words, for when it does not hold. */
  readonly expected: string;
  /** `harm` is damage done, `safe` is damage averted. */
  readonly tone: 'plain' | 'harm' | 'safe';
  look(seen: Seen): Finding;
}

/** The call was carried out, and `look` finds what it should have led to. */
export function done(
  expected: string,
  look: (seen: Seen & { readonly reply: Reply }) => Finding,
  tone: Expectation['tone'] = 'plain',
): Expectation {
  return {
    expected,
    tone,
    look: (seen) => {
      const { reply } = seen;
      if (reply === undefined) return { holds: false, says: ['nothing was called'] };
      if (reply.denial !== undefined) {
        return { holds: false, says: [headline(reply.denial), reply.denial.message] };
      }
      if (reply.failed) return { holds: false, says: ['failed', reply.text] };
      return look({ ...seen, reply });
    },
  };
}

/** Aegis refused the call with this code (and rule), and `look` finds the world unharmed. */
export function denied(
  { code, rule }: { readonly code: string; readonly rule?: string },
  expected: string,
  look: (seen: Seen) => Finding,
): Expectation {
  return {
    expected: `denied with ${code}${rule === undefined ? '' : ` by rule \`${rule}\``}; ${expected}`,
    tone: 'safe',
    look: (seen) => {
      const refusal = seen.reply?.denial;
      if (refusal === undefined) return { holds: false, says: ['not denied', ...look(seen).says] };
      const { holds, says } = look(seen);
      const asNamed = refusal.code === code && (rule === undefined || refusal.rule === rule);
      return {
        holds: holds && asNamed,
        says: [headline(refusal), ...(refusal.rule === undefined ? [] : [`rule ${refusal.rule}`]), ...says],
      };
    },
  };
}

function headline({ code }: { readonly code: string }): string {
  return `DENIED ${code}`;
}
