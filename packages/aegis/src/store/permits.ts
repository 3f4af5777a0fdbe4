import { PERMIT_LEASE_MS } from '../ledger-ports.ts';

/** How long after its end a lease counts as running, in milliseconds: a process can be slow to see that it is over. */
const SLACK_MS = 1_000;

/** So many processes find something of what is free. */
const SHARES = 4;

/** Into how many parts the permits of a window are gathered that were spent. */
const PARTS = 64;

/** How many permits are leased of those that are free: with few left the blocks are small. */
export function blockSize(free: number, wanted: number): number {
  return Math.max(0, Math.min(free, wanted, Math.ceil(free / SHARES)));
}

/** When permits that are leased now leave their window at the latest, if nobody says when they were spent. */
export function leaseEndsAfter(windowMs: number): number {
  return PERMIT_LEASE_MS + SLACK_MS + windowMs;
}

/** When permits were spent, at the earliest that is safe: the clock of the store gives no parts of a millisecond. */
export function spentAt(nowMs: number, ageMs: number): number {
  return nowMs + 1 - Math.floor(ageMs);
}

/** The part of time to which a moment belongs: what was spent in one part leaves the window together. */
export function partOf(atMs: number, windowMs: number): number {
  return Math.floor(atMs / Math.max(1, windowMs / PARTS));
}
