import { askReadiness, type Probed } from './probe.ts';

/** Asks an address whether a daemon is there, and waits two seconds at most. */
export function whoAnswers(probed: Probed): Promise<'nobody' | 'aegis' | 'not ready' | 'somebody else'> {
  return new Promise((done) => {
    const request = askReadiness(probed, 2_000)
      .on('response', (response) => {
        response.resume();
        const ours = response.headers['content-security-policy']?.includes("default-src 'none'") === true;
        if (!ours) done('somebody else');
        else done(response.statusCode === 200 ? 'aegis' : 'not ready');
      })
      .on('timeout', () => {
        done('somebody else');
        request.destroy();
      })
      .on('error', (error: NodeJS.ErrnoException) =>
        done(error.code === 'ECONNREFUSED' ? 'nobody' : 'somebody else'),
      );
  });
}
