import { createHash } from 'node:crypto';
import { NaiveTree } from '../../packages/core/test/ledger/log/naive-tree.ts';

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

/** Leaf data of leaf i of the trees in the vectors: SHA-256 of the decimal text of i. */
export const leafData = (i: number): Buffer => sha256(String(i));

export const leafHash = (data: Uint8Array): Buffer => sha256(Buffer.concat([Buffer.of(0), data]));

export const TREE_SIZE = 70_000;

export const tree = new NaiveTree(Array.from({ length: TREE_SIZE }, (_, i) => leafData(i)));

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const rootOf = (size: number): string => hex(tree.root(0, size));

export const pathOf = (leaf: number, size: number): string[] => tree.path(leaf, size).map(hex);
