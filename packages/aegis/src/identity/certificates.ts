import type { CertificateName, ClientCertificate } from '../ports.ts';

/** Whether a certificate is the one that is meant. Host names are compared without case (RFC 9525); no wildcards. */
function isNamed(certificate: ClientCertificate, name: CertificateName): boolean {
  if ('sha256' in name) return certificate.sha256 === name.sha256;
  if ('uri' in name) return certificate.uris.includes(name.uri);
  return certificate.dns.includes(name.dns.toLowerCase());
}

/** Whose certificate it is; undefined when it is nobody's, or more than one would answer to it. */
export function certificateOwner<T extends { readonly certificate?: CertificateName }>(
  presented: ClientCertificate,
  known: readonly T[],
): T | undefined {
  const [owner, another] = known.filter(
    ({ certificate }) => certificate !== undefined && isNamed(presented, certificate),
  );
  return another === undefined ? owner : undefined;
}
