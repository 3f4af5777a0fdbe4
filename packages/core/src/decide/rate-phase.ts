import type { Reason } from '../model/reason.ts';
import { quote } from '../policy/quote.ts';
import type { RateReading } from '../rate/rate-book.ts';
import type { DecisionInput } from './input.ts';

/** Why a call comes too early: the rate that denies it and is taken up for longest. */
export function checkRates({ rates = [] }: DecisionInput): Reason | undefined {
  let longest: RateReading | undefined;
  for (const reading of rates) {
    if (reading.rate.action !== 'deny' || reading.waitMs === 0) continue;
    if (longest === undefined || reading.waitMs > longest.waitMs) longest = reading;
  }
  return longest && tooEarly(longest);
}

/** What asks for a person because of a rate. */
export function ratesThatAsk({ rates = [] }: DecisionInput): readonly Reason[] {
  return rates
    .filter(({ rate, waitMs }) => rate.action === 'require_approval' && waitMs > 0)
    .map(({ rate, bound }) => ({
      code: 'APPROVAL_REQUIRED',
      phase: 'approval',
      message: `${spent(rate.name, bound)}, and more ask for a person's approval`,
      remedy: 'wait, or ask for approval',
    }));
}

function tooEarly({ rate, bound, waitMs }: RateReading): Reason {
  const reason: Reason = {
    code: 'RATE_LIMITED',
    phase: 'limits',
    message: spent(rate.name, bound),
    remedy: Number.isFinite(waitMs) ? `wait ${waitMs} ms before asking again` : 'use something else',
  };
  return Number.isFinite(waitMs) ? { ...reason, retryAfterMs: waitMs } : reason;
}

function spent(name: string, { most, windowMs }: RateReading['bound']): string {
  return `the rate ${quote(name)} allows ${most} calls in ${windowMs} ms, and they were made`;
}
