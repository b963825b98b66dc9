// Certificates for tests of TLS, made afresh each time: no key lies in the repository, and none expires (X.509 v3, RFC
// 5280, as DER by hand; EC P-256, ECDSA with SHA-256).

import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface Credentials {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
}

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Authority {
  readonly cert: string;
  /** A certificate of this authority for a common name; for `localhost` and 127.0.0.1 as a server. */
  issue(name: string, validity?: Validity): Credentials;
}

/** Ends of the time in which a certificate holds, as UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5). */
export interface Validity {
  readonly from?: string;
  readonly to?: string;
}

export function aCertificateAuthority(name = 'Test authority'): Authority {
  const authority = party(name);
  return {
    cert: pem('CERTIFICATE', certificate(authority, authority, true)),
    issue(subject, validity = {}) {
      const holder = party(subject);
      return {
        key: holder.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        cert: pem('CERTIFICATE', certificate(holder, authority, false, validity)),
      };
    },
  };
}

const party = (name: string): Party => ({ name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });

let serial = 1;

function certificate(
  subject: Party,
  issuer: Party,
  isAuthority: boolean,
  { from = '200101000000Z', to = '21200101000000Z' }: Validity = {},
): Buffer {
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const extensions = isAuthority
    ? [
        sequence(
          oid(0x55, 0x1d, 0x13),
          element(0x01, Buffer.of(0xff)),
          element(0x04, sequence(element(0x01, Buffer.of(0xff)))),
        ),
      ]
    : [sequence(oid(0x55, 0x1d, 0x11), element(0x04, sequence(element(0x82, Buffer.from('localhost')))))];
  const signed = sequence(
    element(0xa0, element(0x02, Buffer.of(2))),
    element(0x02, Buffer.of(1, (serial += 1) & 0xff)),
    algorithm,
    nameOf(issuer.name),
    sequence(element(0x17, Buffer.from(from)), element(0x18, Buffer.from(to))),
    nameOf(subject.name),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions)),
  );
  const signature = createSign('sha256').update(signed).sign(issuer.privateKey);
  return sequence(signed, algorithm, element(0x03, Buffer.concat([Buffer.of(0), signature])));
}

const nameOf = (name: string): Buffer =>
  sequence(element(0x31, sequence(oid(0x55, 0x04, 0x03), element(0x0c, Buffer.from(name)))));

function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => element(0x30, Buffer.concat(parts));
const oid = (...bytes: readonly number[]): Buffer => element(0x06, Buffer.from(bytes));

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
