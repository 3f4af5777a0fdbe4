// What it takes to verify a bundle, and nothing of the product beside it: no ledger, no configuration.
export type { BundleReport } from '../bundle/report.ts';
export { type JoinedSegment, verifyJoined } from '../bundle/join.ts';
export { verifyBundle } from '../bundle/verify.ts';
