import { DATABASE } from './chapters/database.ts';
import { DATASET } from './chapters/dataset.ts';
import { INJECTION } from './chapters/injection.ts';
import type { Chapter } from './step.ts';

/** "Clean up the customer database and promote the cleaned dataset to gold." */
export const SCRIPT: readonly Chapter[] = [DATABASE, DATASET, INJECTION];
