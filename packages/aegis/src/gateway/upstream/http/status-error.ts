import { UpstreamError } from '../../../ports.ts';

/** An HTTP server answered with a status, and with no message. */
export class StatusError extends UpstreamError {
  readonly status: number;
  constructor(server: string, status: number) {
    super('unavailable', `server \`${server}\` answered with HTTP status ${status}`);
    this.status = status;
  }

  /** Whether a server may answer so that does not know the era or the session that it was spoken to in. */
  get isForeign(): boolean {
    return this.status === 400 || this.status === 404 || this.status === 405;
  }
}
