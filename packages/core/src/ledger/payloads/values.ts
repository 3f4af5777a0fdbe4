import * as z from 'zod';
import { REASON_CODES } from '../../model/reason.ts';
import { LABEL } from '../../model/taint.ts';
import { IDENTIFIER } from '../identifier.ts';
import { SHA256_HEX } from '../sha256-hex.ts';

export const id = z.string().regex(IDENTIFIER, 'is not an id: 1 to 128 of A-Z a-z 0-9 . _ : @ -');
export const sha256 = z.string().regex(SHA256_HEX, 'is not a SHA-256 digest in lower-case hex');
export const text = z.string();
export const count = z.int().nonnegative();
export const code = z.enum(REASON_CODES);
export const label = z.string().regex(LABEL, 'is not a label: a-z, then at most 63 of a-z 0-9 . _ -');
export const points = z.int().min(0).max(100);
