import tls from 'node:tls';
import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

let made: Promise<Certificate> | undefined;

/** For 127.0.0.1, vouched for by nobody; the same one as long as the process lives. */
export function loopbackCertificate(): Promise<Certificate> {
  made ??= generate([{ name: 'commonName', value: 'voice.stand-in' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  }).then(({ private: key, cert }) => ({ key, cert }));
  return made;
}

const trusted = new Set<string>();

/** From now on the clients of this process trust it, as NODE_EXTRA_CA_CERTS makes those of another one do. */
export function trust({ cert }: Certificate): void {
  if (trusted.has(cert)) return;
  trusted.add(cert);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
}
