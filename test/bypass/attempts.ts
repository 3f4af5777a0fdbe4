import type { Attempt } from './attempt.ts';
import { argumentForms } from './attempts/arguments.ts';
import { batches } from './attempts/batches.ts';
import { composites } from './attempts/composites.ts';
import { contentEncodings } from './attempts/content-encodings.ts';
import { contentTypes } from './attempts/content-types.ts';
import { definitions } from './attempts/definitions.ts';
import { duplicateKeys } from './attempts/duplicate-keys.ts';
import { encodings } from './attempts/encodings.ts';
import { endpointPaths, servedPaths } from './attempts/endpoint-paths.ts';
import { eventIds } from './attempts/event-ids.ts';
import { headerLies } from './attempts/header-lies.ts';
import { httpRequests } from './attempts/http-requests.ts';
import { lifecycle } from './attempts/lifecycle.ts';
import { listings } from './attempts/listings.ts';
import { methods } from './attempts/methods.ts';
import { names } from './attempts/names.ts';
import { notifications } from './attempts/notifications.ts';
import { otherCallers } from './attempts/other-callers.ts';
import { ownRequests } from './attempts/own-requests.ts';
import { pages } from './attempts/pages.ts';
import { protocolVersions } from './attempts/protocol-versions.ts';
import { requestIds } from './attempts/request-ids.ts';
import { requestStates } from './attempts/request-states.ts';
import { resourceUris } from './attempts/resource-uris.ts';
import { responses } from './attempts/responses.ts';
import { retries } from './attempts/retries.ts';
import { secondPaths } from './attempts/second-paths.ts';
import { serverAnswers } from './attempts/server-answers.ts';
import { serverQuestions } from './attempts/server-questions.ts';
import { sizes } from './attempts/sizes.ts';
import { strangers } from './attempts/strangers.ts';
import { subscriptions } from './attempts/subscriptions.ts';
import { tasks } from './attempts/tasks.ts';

/** Every attempt, in the order in which they are made. */
export const ATTEMPTS: readonly Attempt[] = [
  // What a message is.
  ...duplicateKeys,
  ...encodings,
  ...contentEncodings,
  ...contentTypes,
  ...batches,
  ...notifications,
  ...responses,
  ...requestIds,
  ...sizes,
  // What it says.
  ...methods,
  ...names,
  ...argumentForms,
  ...resourceUris,
  ...secondPaths,
  ...composites,
  ...listings,
  ...retries,
  // What stands around it.
  ...headerLies,
  ...protocolVersions,
  ...lifecycle,
  ...httpRequests,
  ...endpointPaths,
  ...servedPaths,
  // Who says it.
  ...strangers,
  ...pages,
  ...otherCallers,
  ...eventIds,
  ...ownRequests,
  ...subscriptions,
  ...tasks,
  // What servers do.
  ...serverQuestions,
  ...requestStates,
  ...serverAnswers,
  ...definitions,
];
