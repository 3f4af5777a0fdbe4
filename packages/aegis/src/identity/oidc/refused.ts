import { AegisError } from '@aegis/core';

/** A sign-in that does not end well. */
export function refused(message: string): AegisError {
  return new AegisError('UNAUTHENTICATED', message);
}
