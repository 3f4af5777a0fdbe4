/**
 * The name of the installation's log, from that of a tenant's log; undefined when it is not one.
 *
 * `aegis-<id>/<tenant>` belongs to `aegis-<id>`; from the second epoch on the id is followed by it: `aegis-<id>@2/<tenant>`.
 */
export function installationOriginOf(origin: string, tenant: string): string | undefined {
  const installation = origin.slice(0, -1 - tenant.length);
  return INSTALLATION.test(installation) && origin === `${installation}/${tenant}` ? installation : undefined;
}

const INSTALLATION = /^aegis-[0-9a-f]{12}(?:@(?:[2-9]|[1-9][0-9]{1,8}))?$/;
