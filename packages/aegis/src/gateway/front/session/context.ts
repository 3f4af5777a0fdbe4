import type { Kernel } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import type { SharedBudget } from '../shared-budget.ts';
import type { SessionLimits } from './limits.ts';

/** What every session of one endpoint shares. */
export interface FrontContext {
  readonly kernel: Kernel;
  readonly catalogue: CatalogueView;
  /** Version of Aegis, told to clients. */
  readonly version: string;
  readonly limits: SessionLimits;
  /** For the results of tasks that are kept until their clients ask for them. */
  readonly taskRoom: SharedBudget;
}
